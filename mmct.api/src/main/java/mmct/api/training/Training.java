package mmct.api.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
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
import mmct.api.training.data.Cursor;

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
  private final SettingChanges changes;
  private final StagedArtefacts staged;
  private final Map<String, Modality> modalities;
  private final PrecisionChoice precision;
  private final RowCounts counts;
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
    resumed.ifPresent(folder -> RunRecord.requireSamePrecision(folder, precision));
    source = resolution.openData(Optional.empty());
    resumed.ifPresent(folder -> RunRecord.requireSameData(folder, source));
    changes = changes(resolution, resumed);
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
    Map<String, Set<String>> needed = RowCounts.needed(spec.objectives());
    counts = RowCounts.of(samples, needed);
    counts.requireRows(config.data().train(), needed);
    if (config.maskSameInstance()) {
      RowCounts.requireInstances(samples, config.data().train());
    }
    // Worker threads draw the first batches while the graph is built.
    batches =
        BatchSource.begin(
            samples, BatchPlan.of(spec), TrainingLoop.reading(config), first(config), device);
    try {
      graph = TrainingGraph.create(spec, device, config.seed(), samples.size());
    } catch (RuntimeException | Error e) {
      batches.close();
      throw e;
    }
    try {
      reading().check(samples.size());
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

  /// What has changed where a run goes on.
  ///
  /// @throws MmctException where it would not be the same run any more
  private static SettingChanges changes(Resolution resolution, Optional<RunFolder> resumed) {
    Settings now = resolution.settings();
    if (resumed.isEmpty() || !Files.exists(resumed.get().configFile())) {
      return SettingChanges.none(now, resolution.catalogue());
    }
    RunFolder folder = resumed.get();
    Settings before = YamlReader.read(folder.config(), folder.configFile().toString());
    SettingChanges changes = SettingChanges.between(before, now, resolution.catalogue());
    changes.requireAllowed(now, folder.path());
    return changes;
  }

  /// Where the run will probably begin: after the newest checkpoint, read as it is now from its
  /// beginning. The checkpoint itself knows better.
  private Cursor first(RunConfig config) {
    List<Long> steps = resumed.map(folder -> folder.checkpoints().steps()).orElse(List.of());
    return steps.isEmpty()
        ? Cursor.START
        : Cursor.after(steps.getLast(), TrainingLoop.reading(config), samples.size());
  }

  private void tell(RunConfig config, Device device) {
    report.addAll(new Report(graph, config.batch()).lines());
    evaluations.obstacle().ifPresent(report::add);
    leftOut(config).ifPresent(progress::warning);
    report.add("precision  %s: %s".formatted(precision.word(), precision.reason()));
    report.add(
        "run        %d samples, %s of %d, seed %d, on %s with %d threads, into %s"
            .formatted(
                samples.size(),
                // How many are left of a run that goes on is known when its checkpoint is read.
                resumed.isPresent() ? "steps" : totalSteps() + " steps",
                config.batch(),
                config.seed(),
                device.getDeviceType(),
                Torch.threads(),
                request.folder()));
  }

  private Optional<String> leftOut(RunConfig config) {
    int rest = reading().leftOut(samples.size());
    return rest == 0
        ? Optional.empty()
        : Optional.of(
            "the last %d of %d samples of every epoch %s left out, as with dropLast: batch normalisation needs %d rows, and batch %d leaves no more"
                .formatted(
                    rest,
                    samples.size(),
                    rest == 1 ? "is" : "are",
                    graph.fewestRows(),
                    config.batch()));
  }

  /// How the split is read, now that the graph is known.
  private BatchSource.Reading reading() {
    return TrainingLoop.reading(resolution.config()).fewest(graph.fewestRows());
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
  /// @param status `finished`, `stopped`, or `failed` where the encoders could not be exported
  /// @param steps optimiser steps done
  /// @param weightsSha256 over all query and momentum weights in name order
  /// @param figures of the last evaluations, as EVALUATION.FIGURE
  /// @param failures what could not be done at the run's end, a sentence each: the last evaluations
  ///     that failed, or the encoders that were not exported; a run that goes on tries again
  public record Outcome(
      String status,
      long steps,
      String weightsSha256,
      Map<String, Double> figures,
      List<String> failures) {
    static final String FINISHED = "finished";
    static final String STOPPED = "stopped";
    static final String FAILED = "failed";

    /// Copies the list.
    public Outcome {
      failures = List.copyOf(failures);
    }

    /// The same with another end.
    Outcome as(String other, List<String> more) {
      List<String> all = new ArrayList<>(failures);
      all.addAll(more);
      return new Outcome(other, steps, weightsSha256, figures, all);
    }
  }

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
    } catch (RuntimeException | Error e) {
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
      return loop.run(new FinalExport(resolution, progress, () -> stopRequested));
    } finally {
      ended.countDown();
    }
  }

  private void begin(RunFolder folder, TrainingLoop loop) {
    String config = YamlWriter.write(resolution.settings());
    if (resumed.isPresent()) {
      loop.resume(changes);
      // A run may go on with other settings; the folder says what its next part was made with, and
      // the list of starts what those before it were.
      loop.logStart(resolution.settings(), changes);
      folder.writeConfig(config);
      return;
    }
    try {
      staged.moveTo(folder::artefacts);
      folder.writeConfig(config);
      loop.logStart(resolution.settings(), changes);
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
            resolution.catalogue(),
            source,
            samples,
            batches,
            counts,
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
    return reading().stepsPerEpoch(samples.size());
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
