package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import mmct.api.config.NearName;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.graph.Batch;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.TrainingGraph;
import mmct.api.run.Checkpoint;
import mmct.api.run.Checkpoints;
import mmct.api.run.RunFolder;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Modality;
import mmct.api.training.Progress.StepRecord;
import mmct.api.training.Training.Outcome;
import mmct.api.training.data.BatchSource;
import mmct.api.training.data.BrokenCells;

/// The loop of a run: batch after batch a step, a line of metrics now and then, an evaluation and a
/// checkpoint at the end of an epoch, and everything needed to go on as if nothing had happened.
final class TrainingLoop {
  private final RunConfig config;
  private final Parts parts;
  private final TrainingStep step;
  private final Evaluations evaluations;
  private final RunFolder folder;
  private final RunRequest request;
  private final Progress progress;
  private final BooleanSupplier stopRequested;
  private final Checkpoints checkpoints;
  private final BrokenCells broken;
  private final RunRecord record;
  private Position position = Position.START;
  private long saved = -1;

  /// What the loop runs on.
  record Parts(
      DataSource source,
      Dataset samples,
      Map<String, Modality> modalities,
      TrainingGraph graph,
      Optimizer optimizer,
      Schedule schedule) {}

  TrainingLoop(
      RunConfig config,
      Parts parts,
      TrainingStep step,
      Evaluations evaluations,
      RunFolder folder,
      RunRequest request,
      Progress progress,
      BooleanSupplier stopRequested) {
    this.config = config;
    this.parts = parts;
    this.step = step;
    this.evaluations = evaluations;
    this.folder = folder;
    this.request = request;
    this.progress = progress;
    this.stopRequested = stopRequested;
    checkpoints = folder.checkpoints();
    broken =
        new BrokenCells(
            parts.samples().size(),
            config.data().maxBroken(),
            cell ->
                folder
                    .skipped()
                    .append(
                        Map.of(
                            "step", position.step() + 1,
                            "sample", cell.sample(),
                            "modality", cell.modality(),
                            "reason", cell.reason())));
    record = new RunRecord(folder, request, config, parts);
  }

  static BatchSource.Reading reading(RunConfig config) {
    return new BatchSource.Reading(
        config.data().train(),
        config.batch(),
        config.accumulate(),
        config.dropLast(),
        config.seed(),
        config.epochs(),
        config.data().workers(),
        config.data().ahead());
  }

  Outcome run() {
    if (request.resume()) {
      resume();
    }
    record.started(position);
    try {
      Outcome outcome = train();
      record.ended(outcome);
      return outcome;
    } catch (NonFiniteLossException e) {
      folder.writeFailure(Map.of("step", e.step(), "objective", e.term(), "samples", e.samples()));
      record.failed(position.step(), String.valueOf(e.getMessage()));
      throw e;
    } catch (RuntimeException e) {
      record.failed(position.step(), String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private Outcome train() {
    try (BatchSource batches =
        new BatchSource(
            parts.samples(), parts.graph().plan(), reading(config), position.step(), broken)) {
      long last = Math.min(batches.totalSteps(), config.steps().orElse(Long.MAX_VALUE));
      Speedometer speed = new Speedometer();
      while (position.step() < last && !stopRequested.getAsBoolean()) {
        takeStep(batches, last, speed);
      }
      if (position.step() != saved) {
        save();
      }
      return new Outcome(
          position.step() < last ? "stopped" : "finished",
          position.step(),
          WeightsDigest.of(parts.graph().weights()),
          position.figures());
    }
  }

  private void takeStep(BatchSource batches, long last, Speedometer speed) {
    List<Batch> batch = batches.next();
    double factor = parts.schedule().factor(position.step());
    TrainingStep.Result result = step.take(batch, factor, moment(batches));
    // Every array that shared the batch's memory is closed by now.
    batches.recycle();
    int rows = batch.stream().mapToInt(Batch::size).sum();
    position = position.next(rows);
    speed.count(rows);
    boolean ends = position.step() == last;
    double epoch = moment(batches).epoch();
    if (position.step() % config.logEvery() == 0 || ends) {
      speed.read(batches.waitedNanos());
      log(result, factor, epoch, speed.latest());
    }
    progress.step(show(result, last, epoch, speed.now(batches.waitedNanos())));
    long paused = System.nanoTime();
    finishEpoch(batches, ends);
    speed.leaveOut(System.nanoTime() - paused);
  }

  private Moment moment(BatchSource batches) {
    return new Moment(position.step(), (double) position.step() / (double) batches.stepsPerEpoch());
  }

  private void finishEpoch(BatchSource batches, boolean ends) {
    boolean epochEnds = position.step() % batches.stepsPerEpoch() == 0;
    long epochs = position.step() / batches.stepsPerEpoch();
    boolean judged = (epochEnds || ends) && evaluations.due(epochs, ends);
    if (judged) {
      evaluate(moment(batches).epoch());
    }
    long every = config.checkpoints().everySteps();
    boolean due = every == 0 ? epochEnds : position.step() % every == 0 || ends;
    // The best checkpoint is of the weights that were judged, whenever the next is due.
    if (due || (judged && isBest())) {
      save();
    }
  }

  private boolean isBest() {
    return config.checkpoints().best().filter(position::isBest).isPresent();
  }

  private StepRecord show(
      TrainingStep.Result result, long last, double epoch, Speedometer.Reading speed) {
    return new StepRecord(
        position.step(),
        last,
        epoch,
        result.terms(),
        result.total(),
        speed.samplesPerSecond(),
        speed.dataWait());
  }

  private void log(
      TrainingStep.Result result, double factor, double epoch, Speedometer.Reading speed) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", position.step());
    line.put("epoch", epoch);
    line.put("samples", position.samples());
    line.put("lr", parts.optimizer().rates(factor));
    line.put("terms", result.terms());
    line.put("total", result.total());
    line.put("gradient_norm", result.gradientNorm());
    line.put("samples_per_s", speed.samplesPerSecond());
    line.put("data_wait", speed.dataWait());
    Map<String, Double> fill = new LinkedHashMap<>();
    parts
        .graph()
        .queues()
        .forEach(
            (key, queue) ->
                fill.put(
                    key.modality() + "/" + key.space(),
                    (double) queue.filled() / queue.capacity()));
    line.put("queue_fill", fill);
    ResidentMemory.bytes().ifPresent(bytes -> line.put("resident_mb", (double) bytes / 1e6));
    folder.metrics().append(line);
  }

  private void evaluate(double epoch) {
    Map<String, Double> figures =
        evaluations.run((name, evaluation) -> heard(name, evaluation, epoch), progress::note);
    position = position.with(figures);
    config
        .checkpoints()
        .best()
        .filter(key -> !figures.isEmpty() && !figures.containsKey(key))
        .ifPresent(key -> progress.note(notBest(key, figures.keySet())));
  }

  private static String notBest(String key, Set<String> figures) {
    return "no best checkpoint: the evaluations gave no figure '%s' (checkpoints.best)%s; figures: %s"
        .formatted(key, NearName.suggestion(key, figures), String.join(", ", figures));
  }

  private void heard(String name, Evaluation evaluation, double epoch) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", position.step());
    line.put("epoch", epoch);
    line.put("evaluation", name);
    line.put("split", config.evaluate().split());
    line.put("figures", evaluation.figures());
    line.put("protocol", evaluation.protocol());
    folder.metrics().append(line);
    progress.evaluated(name, evaluation);
  }

  private void save() {
    boolean best = isBest();
    if (best) {
      position = position.withBest(config.checkpoints().best().orElseThrow());
    }
    try (NDManager scope = parts.graph().manager().newSubManager()) {
      Map<String, NDArray> arrays = parts.graph().state(scope);
      arrays.putAll(parts.optimizer().state(scope));
      checkpoints.save(position.step(), arrays, position.toMetadata(broken.export()));
    }
    saved = position.step();
    checkpoints.keep(
        config.checkpoints().keep(), best ? Optional.of(position.step()) : Optional.empty());
  }

  private void resume() {
    record.requireSameData();
    Optional<Checkpoint> newest = checkpoints.latest(progress::note);
    if (newest.isPresent()) {
      try (Checkpoint checkpoint = newest.get()) {
        restore(checkpoint);
      }
      saved = position.step();
      progress.note("resumed after step " + position.step());
    } else {
      progress.note("no checkpoint yet: the run starts from its beginning");
    }
    folder.metrics().truncateAfter(position.step());
    folder.skipped().truncateAfter(position.step());
  }

  private void restore(Checkpoint checkpoint) {
    try (NDManager scope = parts.graph().manager().newSubManager()) {
      Map<String, NDArray> arrays = checkpoint.readAll(scope);
      parts.graph().restore(arrays);
      parts.optimizer().restore(arrays);
    }
    position = Position.of(checkpoint.step(), checkpoint.metadata());
    broken.restore(Position.broken(checkpoint.metadata()));
  }
}
