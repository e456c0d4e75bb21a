package mmct.api.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.engine.Gpu;
import mmct.api.engine.PrecisionChoice;
import mmct.api.graph.Batch;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.TrainingGraph;
import mmct.api.run.RunFolder;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.training.Progress.StepRecord;
import mmct.api.training.Training.Outcome;
import mmct.api.training.data.BatchSource;
import mmct.api.training.data.BrokenCell;
import mmct.api.training.data.BrokenCells;
import mmct.api.training.data.Cursor;

/// The loop of a run: batch after batch a step, a line of metrics now and then, an evaluation and a
/// checkpoint at the end of an epoch, and everything needed to go on as if nothing had happened.
final class TrainingLoop {
  private final RunConfig config;
  private final Parts parts;
  private final TrainingStep step;
  private final Evaluations evaluations;
  private final Judging judging;
  private final RunFolder folder;
  private final Progress progress;
  private final BooleanSupplier stopRequested;
  private final BrokenCells broken;
  private final RunRecord record;
  private final Snapshots snapshots;
  private final RowWatch watch;

  /// What failed when the encoders were judged last.
  private List<String> failures = List.of();

  private Position position = Position.START;

  /// What the loop runs on.
  ///
  /// @param batches which are being drawn already
  /// @param counts how many samples each objective has
  record Parts(
      Catalogue catalogue,
      DataSource source,
      Dataset samples,
      BatchSource batches,
      RowCounts counts,
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
    judging = new Judging(config, evaluations, folder, progress);
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
    watch = new RowWatch(parts.graph(), config, parts.counts());
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

  Outcome run(FinalExport export) {
    record.started(position);
    try {
      Outcome outcome = train();
      if (outcome.status().equals(Outcome.FINISHED) && export.wanted()) {
        outcome = exported(outcome, export);
      }
      record.ended(outcome);
      return outcome;
    } catch (RuntimeException | Error e) {
      note(e);
      throw e;
    }
  }

  private Outcome exported(Outcome trained, FinalExport export) {
    record.exporting(trained);
    FinalExport.Result result = export.into(folder);
    if (result.stopped()) {
      return trained.as(Outcome.STOPPED, List.of());
    }
    return result.failures().isEmpty() ? trained : trained.as(Outcome.FAILED, result.failures());
  }

  /// Writes down why the run failed, as far as the disk allows.
  private void note(Throwable failure) {
    try {
      record.failed(position.step(), failure);
    } catch (RuntimeException | Error e) {
      failure.addSuppressed(e);
    }
  }

  private Outcome train() {
    int fewest = parts.graph().fewestRows();
    try (BatchSource batches = parts.batches().from(position.cursor(), fewest, broken)) {
      long last = Math.min(batches.totalSteps(), config.steps().orElse(Long.MAX_VALUE));
      takeUp(batches, last);
      Speedometer speed = new Speedometer();
      while (position.step() < last && !stopRequested.getAsBoolean()) {
        takeStep(batches, last, speed);
      }
      boolean stopped = position.step() < last || (position.unjudged() && failures.isEmpty());
      if (!snapshots.hold(position)) {
        save(position);
      }
      if (!stopped) {
        requireRows();
        watch.atTheEnd().forEach(progress::warning);
      }
      return new Outcome(
          stopped ? Outcome.STOPPED : Outcome.FINISHED,
          position.step(),
          WeightsDigest.of(parts.graph().weights()),
          position.figures(),
          stopped ? List.of() : failures);
    }
  }

  /// Makes up for what the run was stopped in, and for the end of an epoch whose rest is no batch
  /// of the present size any more.
  private void takeUp(BatchSource batches, long last) {
    boolean passed = !batches.cursor().equals(position.cursor());
    position = position.at(batches.cursor());
    if (position.unjudged() || passed) {
      finish(batches, position.step() == last, position.unjudged());
    }
  }

  private void save(Position at) {
    position = at.counted(watch.counts());
    snapshots.save(position);
  }

  /// Stops a run in which an objective finds no rows; what the others have learned is kept.
  private void requireRows() {
    Optional<String> complaint = watch.complaint(position.cursor().samples() == 0);
    if (complaint.isPresent()) {
      if (!snapshots.hold(position)) {
        save(position);
      }
      throw new MmctException(complaint.get());
    }
  }

  private void takeStep(BatchSource batches, long last, Speedometer speed) {
    double factor = parts.schedule().factor(position.step(), batches.place());
    Moment moment = moment(batches);
    List<Batch> batch = batches.next();
    TrainingStep.Result result = step.take(batch, factor, moment);
    // Every array that shared the batch's memory is closed by now.
    batches.recycle();
    int rows = batch.stream().mapToInt(Batch::size).sum();
    watch.step(result.terms().keySet(), batch);
    position = position.next(batches.cursor(), rows);
    speed.count(rows);
    boolean ends = position.step() == last;
    double epoch = moment(batches).epoch();
    if (position.step() % config.logEvery() == 0 || ends) {
      speed.read(batches.waitedNanos());
      log(result, factor, epoch, speed.latest());
    }
    progress.step(show(result, last, epoch, speed.now(batches.waitedNanos())));
    requireRows();
    long paused = System.nanoTime();
    finish(batches, ends, false);
    speed.leaveOut(System.nanoTime() - paused);
  }

  private Moment moment(BatchSource batches) {
    return new Moment(position.step(), batches.epochs());
  }

  /// Does what follows a step, where it is due: a checkpoint, so that nothing is lost whatever
  /// happens in an evaluation, then an evaluation, whose figures the checkpoint takes over.
  ///
  /// @param again whether the run was stopped while it did so
  private void finish(BatchSource batches, boolean ends, boolean again) {
    boolean epochEnds = position.cursor().samples() == 0;
    long every = config.checkpoints().everySteps();
    boolean due = every == 0 ? epochEnds : position.step() % every == 0 || ends;
    boolean judge =
        again || ((epochEnds || ends) && evaluations.due(position.cursor().epoch(), ends));
    if (judge && evaluations.possible()) {
      if (!again) {
        save(position.beforeJudged());
      }
      evaluate(moment(batches).epoch(), ends);
    } else if (again) {
      save(position.judged(Map.of()));
    } else if (due) {
      save(position);
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

  /// Judges the encoders. Where an evaluation fails at the run's end the checkpoint stays one that
  /// is still to be judged, so that a run that goes on tries again.
  private void evaluate(double epoch, boolean ends) {
    Optional<Judging.Verdict> verdict = judging.after(position.step(), epoch);
    failures = verdict.map(Judging.Verdict::failures).orElse(List.of());
    if (verdict.isEmpty()) {
      // The run was asked to stop. It judges when it goes on, as its checkpoint says.
      position = position.beforeJudged();
      return;
    }
    position = position.judged(verdict.get().figures());
    Optional<String> best = config.checkpoints().best().filter(position::isBest);
    Position judged = best.map(position::withBest).orElse(position);
    save(ends && !failures.isEmpty() ? judged.beforeJudged() : judged);
  }

  /// Writes down that the run starts, and with what.
  void logStart(Settings settings, SettingChanges changes) {
    record.logStart(position, settings, changes);
  }

  /// Takes over where the run has stood, before it goes on.
  ///
  /// @param changes of its configuration
  /// @throws MmctException where the data has changed, no checkpoint can be used, or the run has
  ///     gone further than the configuration wants
  void resume(SettingChanges changes) {
    record.requireSameSamples();
    BatchSource.Reading before = reading(changes.configBefore());
    int size = parts.samples().size();
    Optional<Position> restored =
        snapshots.restore(progress::warning, steps -> Cursor.after(steps, before, size));
    position = restored.orElse(Position.START);
    requireLeft();
    restored.ifPresent(it -> watch.restore(it.rows()));
    forgetBest(changes);
    progress.note(
        restored.isPresent()
            ? "resumed after step " + position.step()
            : "no checkpoint yet: the run starts from its beginning");
    changes
        .changes()
        .forEach(change -> progress.note("%s from step %d".formatted(change, position.step())));
    folder
        .metrics()
        .truncateAfter(
            position.step(), position.unjudged() ? Optional.of("evaluation") : Optional.empty());
    folder.skipped().truncateAfter(position.step());
    snapshots.settle(position);
  }

  /// What is less than the run has done cannot be meant.
  private void requireLeft() {
    Cursor cursor = position.cursor();
    if (cursor.epoch() > config.epochs()
        || (cursor.epoch() == config.epochs() && cursor.samples() > 0)) {
      throw new ConfigurationException(
          "epochs must be more than the %.2f that the run has done after %d steps but was %d"
              .formatted(
                  (double) cursor.epoch() + (double) cursor.samples() / parts.samples().size(),
                  cursor.steps(),
                  config.epochs()));
    }
    if (config.steps().filter(steps -> steps < cursor.steps()).isPresent()) {
      throw new ConfigurationException(
          "steps must be at least the %d that the run has done but was %d"
              .formatted(cursor.steps(), config.steps().orElseThrow()));
    }
  }

  /// A figure of another evaluation, or on another split, is no measure for those to come.
  private void forgetBest(SettingChanges changes) {
    Optional<String> figure = config.checkpoints().best();
    String evaluation = figure.map(it -> it.substring(0, it.indexOf('.'))).orElse("");
    boolean other =
        changes.touch("checkpoints.best", "evaluate.split", "evaluate.run." + evaluation);
    if (position.best().isPresent() && figure.isPresent() && other) {
      position = position.withoutBest();
      progress.note(
          "the best checkpoint so far was judged in another way; the next evaluation decides anew");
    }
  }
}
