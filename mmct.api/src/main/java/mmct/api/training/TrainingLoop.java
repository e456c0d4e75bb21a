package mmct.api.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import mmct.api.MmctException;
import mmct.api.config.NearName;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.engine.Gpu;
import mmct.api.engine.PrecisionChoice;
import mmct.api.graph.Batch;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.TrainingGraph;
import mmct.api.run.RunFolder;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Modality;
import mmct.api.training.Progress.StepRecord;
import mmct.api.training.Training.Outcome;
import mmct.api.training.data.BatchSource;
import mmct.api.training.data.BrokenCell;
import mmct.api.training.data.BrokenCells;

/// The loop of a run: batch after batch a step, a line of metrics now and then, an evaluation and a
/// checkpoint at the end of an epoch, and everything needed to go on as if nothing had happened.
final class TrainingLoop {
  private final RunConfig config;
  private final Parts parts;
  private final TrainingStep step;
  private final Evaluations evaluations;
  private final RunFolder folder;
  private final Progress progress;
  private final BooleanSupplier stopRequested;
  private final BrokenCells broken;
  private final RunRecord record;
  private final Snapshots snapshots;
  private Position position = Position.START;

  /// What the loop runs on.
  ///
  /// @param batches which are being drawn already
  record Parts(
      DataSource source,
      Dataset samples,
      BatchSource batches,
      Map<String, Modality> modalities,
      TrainingGraph graph,
      PrecisionChoice precision,
      Map<String, PretrainedWeights.Taken> pretrained,
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
    this.progress = progress;
    this.stopRequested = stopRequested;
    broken = new BrokenCells(parts.samples().size(), config.data().maxBroken(), this::skipped);
    record = new RunRecord(folder, request, config, parts);
    snapshots =
        new Snapshots(
            config.checkpoints(),
            folder.checkpoints(),
            parts.graph(),
            parts.optimizer(),
            step.scale(),
            broken);
  }

  private void skipped(BrokenCell cell) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", position.step() + 1);
    line.put("sample", cell.sample());
    line.put("modality", cell.modality());
    line.put("reason", cell.reason());
    folder.skipped().append(line);
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
    record.started(position);
    try {
      Outcome outcome = train();
      record.ended(outcome);
      return outcome;
    } catch (RuntimeException e) {
      note(e);
      throw e;
    }
  }

  /// Writes down why the run failed, as far as the disk allows.
  private void note(RuntimeException failure) {
    try {
      record.failed(position.step(), failure);
    } catch (MmctException e) {
      failure.addSuppressed(e);
    }
  }

  private Outcome train() {
    try (BatchSource batches = parts.batches().from(position.step(), broken)) {
      long last = Math.min(batches.totalSteps(), config.steps().orElse(Long.MAX_VALUE));
      if (position.unjudged()) {
        finish(batches, position.step() == last, true);
      }
      Speedometer speed = new Speedometer();
      while (position.step() < last && !stopRequested.getAsBoolean()) {
        takeStep(batches, last, speed);
      }
      boolean stopped = position.step() < last || position.unjudged();
      if (!snapshots.hold(position)) {
        position = snapshots.save(position);
      }
      return new Outcome(
          stopped ? "stopped" : "finished",
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
    finish(batches, ends, false);
    speed.leaveOut(System.nanoTime() - paused);
  }

  private Moment moment(BatchSource batches) {
    return new Moment(position.step(), (double) position.step() / (double) batches.stepsPerEpoch());
  }

  /// Does what follows a step: an evaluation and a checkpoint, where they are due.
  ///
  /// @param again whether the run was stopped while it did so
  private void finish(BatchSource batches, boolean ends, boolean again) {
    boolean epochEnds = position.step() % batches.stepsPerEpoch() == 0;
    long epochs = position.step() / batches.stepsPerEpoch();
    if (again || ((epochEnds || ends) && evaluations.due(epochs, ends))) {
      evaluate(moment(batches).epoch());
    }
    long every = config.checkpoints().everySteps();
    boolean due = every == 0 ? epochEnds : position.step() % every == 0 || ends;
    if (due || again || snapshots.isBest(position)) {
      position = snapshots.save(position);
    }
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
    if (step.scale().active()) {
      line.put("loss_scale", step.scale().factor());
      line.put("skipped_steps", step.scale().skipped());
    }
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
    Gpu.usedBytes(parts.graph().manager().getDevice())
        .ifPresent(bytes -> line.put("device_mb", (double) bytes / 1e6));
    folder.metrics().append(line);
  }

  private void evaluate(double epoch) {
    try {
      Map<String, Evaluation> made = evaluations.run(progress::note);
      Map<String, Double> figures = new LinkedHashMap<>();
      made.forEach(
          (name, evaluation) ->
              evaluation.figures().forEach((f, value) -> figures.put(name + "." + f, value)));
      requireBest(figures);
      position = position.judged(figures);
      made.forEach((name, evaluation) -> heard(name, evaluation, epoch));
    } catch (CancellationException e) {
      // The run was asked to stop. It makes the evaluation when it goes on.
      position = position.stoppedBeforeJudged();
    }
  }

  private void requireBest(Map<String, Double> figures) {
    config
        .checkpoints()
        .best()
        .filter(best -> !figures.isEmpty() && !figures.containsKey(best))
        .ifPresent(
            best ->
                progress.warning(
                    "no checkpoint is kept as the best: checkpoints.best is '%s'%s but the evaluations give %s"
                        .formatted(
                            best,
                            NearName.suggestion(best, figures.keySet()),
                            String.join(", ", figures.keySet()))));
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

  /// Takes over where the run has stood, before it goes on.
  ///
  /// @throws MmctException where the data has changed, or no checkpoint can be used
  void resume() {
    record.requireSameData();
    Optional<Position> restored = snapshots.restore(progress::warning);
    position = restored.orElse(Position.START);
    progress.note(
        restored.isPresent()
            ? "resumed after step " + position.step()
            : "no checkpoint yet: the run starts from its beginning");
    folder.metrics().truncateAfter(position.step());
    folder.skipped().truncateAfter(position.step());
  }
}
