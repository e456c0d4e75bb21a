package mmct.api.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.config.YamlWriter;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.engine.Devices;
import mmct.api.engine.PrecisionChoice;
import mmct.api.engine.Torch;
import mmct.api.graph.BatchPlan;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.TrainingGraph;
import mmct.api.io.ArtefactStore;
import mmct.api.run.RunFolder;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.TrainingIds;
import mmct.api.training.data.BatchSource;

/// A run: from a configuration to trained encoders in a run folder.
///
/// [#prepare] resolves and refuses, and writes nothing, while worker threads begin to draw the
/// first batches; [#run] trains.
public final class Training implements AutoCloseable {
  private final Resolution resolution;
  private final RunRequest request;
  private final Progress progress;
  private final DataSource source;
  private final Dataset samples;
  private final Optional<RunFolder> resumed;
  private final StagedArtefacts staged;
  private final Map<String, Modality> modalities;
  private final PrecisionChoice precision;
  private final BatchSource batches;
  private final TrainingGraph graph;
  private final Map<String, PretrainedWeights.Taken> pretrained;
  private final Evaluations evaluations;
  private final List<String> report = new ArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopRequested;

  private Training(
      Resolution resolution, RunRequest request, Optional<RunFolder> resumed, Progress progress) {
    this.resolution = resolution;
    this.request = request;
    this.resumed = resumed;
    this.progress = progress;
    RunConfig config = resolution.config();
    Device device = Devices.choose(request.device());
    precision = resolution.precision(device);
    source = resolution.openData(Optional.empty());
    samples = resolution.trainingSplit(source);
    TrainingLoop.reading(config).check(samples.size());
    staged = new StagedArtefacts();
    report.add("data       " + source.describe());
    Function<String, ArtefactStore> stores =
        resumed
            .<Function<String, ArtefactStore>>map(folder -> folder::artefacts)
            .orElse(staged::store);
    modalities =
        resolution.modalities(
            Optional.of(samples), stores, note -> report.add("modality   " + note));
    GraphSpec spec = resolution.graph(modalities, precision.precision());
    // Worker threads draw the first batches while the graph is built.
    batches =
        BatchSource.begin(
            samples, BatchPlan.of(spec), TrainingLoop.reading(config), firstStep(), device);
    try {
      graph = TrainingGraph.create(spec, device, config.seed(), samples.size());
    } catch (RuntimeException | Error e) {
      batches.close();
      throw e;
    }
    try {
      requireWholeParts(config);
      // A run that goes on has its weights in its checkpoints.
      pretrained =
          resumed.isPresent()
              ? Map.of()
              : new StartingWeights(resolution, graph, staged::store).load(report::add);
      resolution.evaluators().values().forEach(e -> e.check(GraphEvaluation.encoders(graph)));
      evaluations =
          new Evaluations(
              config.evaluate(),
              resolution.evaluators(),
              new GraphEvaluation.Judged(graph, modalities),
              source,
              () -> TrainingIds.of(samples),
              resolution.catalogue(),
              () -> stopRequested);
      FinalExport.requireKnown(resolution);
      tell(config, device);
    } catch (RuntimeException | Error e) {
      batches.close();
      graph.close();
      throw e;
    }
  }

  /// Where the run will begin: after the newest checkpoint, unless that turns out to be damaged.
  private long firstStep() {
    List<Long> steps = resumed.map(folder -> folder.checkpoints().steps()).orElse(List.of());
    return steps.isEmpty() ? 0 : steps.getLast();
  }

  private void tell(RunConfig config, Device device) {
    report.addAll(new Report(graph, config.batch()).lines());
    evaluations.obstacle().ifPresent(report::add);
    report.add("precision  %s: %s".formatted(precision.word(), precision.reason()));
    report.add(
        "run        %d samples, %d steps of %d, seed %d, on %s with %d threads, into %s"
            .formatted(
                samples.size(),
                totalSteps(),
                config.batch(),
                config.seed(),
                device.getDeviceType(),
                Torch.threads(),
                request.folder()));
  }

  /// A part that cannot be trained on would be left out of every step without a word.
  private void requireWholeParts(RunConfig config) {
    int fewest = graph.fewestRows();
    if (config.batch() / config.accumulate() < fewest) {
      throw new ConfigurationException(
          "accumulate must be at most %d, so that each part of a batch of %d has the %d rows that batch normalisation needs, but was %d%s"
              .formatted(
                  config.batch() / fewest,
                  config.batch(),
                  fewest,
                  config.accumulate(),
                  resolution.settings().where("accumulate")));
    }
  }

  /// How a run ended.
  ///
  /// @param status `finished` or `stopped`
  /// @param steps optimiser steps done
  /// @param weightsSha256 over all query and momentum weights in name order
  /// @param figures of the last evaluations, as EVALUATION.FIGURE
  public record Outcome(
      String status, long steps, String weightsSha256, Map<String, Double> figures) {}

  /// Resolves everything and refuses what cannot be trained.
  ///
  /// @param settings the configuration, laid together
  /// @param catalogue where providers are found
  /// @param request how the run is started
  /// @param progress hears what the run does
  /// @throws MmctException naming the key, the value and the choices
  public static Training prepare(
      Settings settings, Catalogue catalogue, RunRequest request, Progress progress) {
    if (!request.resume()) {
      RunFolder.requireNone(request.folder());
      RunFolder.requireWritable(request.folder());
      return new Training(new Resolution(settings, catalogue), request, Optional.empty(), progress);
    }
    RunFolder folder = RunFolder.resume(request.folder());
    try {
      return new Training(
          new Resolution(settings, catalogue), request, Optional.of(folder), progress);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /// What was resolved, one line each.
  public List<String> report() {
    return List.copyOf(report);
  }

  /// Trains; returns when the run is done or was asked to stop.
  public Outcome run() {
    try (RunFolder folder = resumed.orElseGet(() -> RunFolder.create(request.folder()))) {
      TrainingLoop loop = loop(folder);
      begin(folder, loop);
      Outcome outcome = loop.run();
      if (outcome.status().equals("finished")) {
        new FinalExport(resolution, progress).into(folder);
      }
      return outcome;
    } finally {
      ended.countDown();
    }
  }

  private void begin(RunFolder folder, TrainingLoop loop) {
    String config = YamlWriter.write(resolution.settings());
    if (resumed.isPresent()) {
      loop.resume();
      // A run may go on with other settings; the folder says what its next part was made with.
      folder.writeConfig(config);
      return;
    }
    try {
      staged.moveTo(folder::artefacts);
      folder.writeConfig(config);
    } catch (MmctException e) {
      folder.discard();
      throw e;
    }
  }

  private TrainingLoop loop(RunFolder folder) {
    RunConfig config = resolution.config();
    Optimizer optimizer = optimizer();
    return new TrainingLoop(
        config,
        new TrainingLoop.Parts(
            source,
            samples,
            batches,
            modalities,
            graph,
            precision,
            pretrained,
            optimizer,
            schedule()),
        new TrainingStep(graph, optimizer, Engine.getInstance(), config.seed()),
        evaluations,
        folder,
        request,
        progress,
        () -> stopRequested);
  }

  /// Draws two batches and takes a step of rate zero with each, writing nothing.
  ///
  /// @return lines on the batch's shapes, the terms and the memory
  public List<String> dryRun() {
    RunConfig config = resolution.config();
    Optimizer optimizer = optimizer();
    return new DryRun(config, samples, batches, graph, optimizer).lines();
  }

  private Optimizer optimizer() {
    return Optimizer.of(graph, resolution.config().optimizer(), resolution::rate);
  }

  private Schedule schedule() {
    return new Schedule(resolution.config().schedule(), stepsPerEpoch(), stepsOfAllEpochs());
  }

  private long stepsPerEpoch() {
    return TrainingLoop.reading(resolution.config()).stepsPerEpoch(samples.size());
  }

  private long stepsOfAllEpochs() {
    return stepsPerEpoch() * resolution.config().epochs();
  }

  private long totalSteps() {
    return Math.min(stepsOfAllEpochs(), resolution.config().steps().orElse(Long.MAX_VALUE));
  }

  /// Asks the run to finish its step, write a checkpoint and return; from any thread.
  public void requestStop() {
    stopRequested = true;
  }

  /// Waits until [#run] has written everything; from any thread.
  ///
  /// @return whether it has within the time given
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// The run folder.
  public Path folder() {
    return request.folder();
  }

  @Override
  public void close() {
    batches.close();
    resumed.ifPresent(RunFolder::close);
    graph.close();
  }
}
