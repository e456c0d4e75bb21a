package mmct.api.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import mmct.api.data.Dataset;
import mmct.api.engine.DeviceMemory;
import mmct.api.engine.Gpu;
import mmct.api.graph.Batch;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.StepClock;
import mmct.api.graph.StepClock.Phase;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Modality;
import mmct.api.training.data.BatchSource;
import mmct.api.training.data.BrokenCells;
import mmct.api.training.data.Cursor;
import mmct.api.training.data.DrawingCost;

/// One round of a benchmark: a graph is built, takes steps and is thrown away.
///
/// The learning rate is held at zero, which costs the same and keeps every number in its range
/// however far from a sensible configuration a sweep goes.
final class Trial implements AutoCloseable {
  private static final int DRAWN_SAMPLES = 64;

  private final Dataset samples;
  private final TrainingGraph graph;
  private final BatchSource batches;
  private final Runnable synchronise;
  private final TrainingStep plain;
  private final TrainingStep timed;
  private final Stopwatch stopwatch;
  private long taken;

  /// What came of a round.
  ///
  /// @param samplesPerSecond of whole steps, data included, with nobody looking at phases
  /// @param nanos the time of each phase over as many steps again
  /// @param residentPeak the most bytes that the process held, where the system tells
  /// @param deviceUsed bytes taken on the GPU at the end, where there is one that tells
  record Outcome(
      double samplesPerSecond,
      Map<Phase, Long> nanos,
      OptionalLong residentPeak,
      OptionalLong deviceUsed) {}

  /// Builds everything.
  ///
  /// @param artefacts keeps what modalities make of the data, such as lists of words, from round to
  ///     round
  static Trial open(Resolution resolution, StagedArtefacts artefacts, Device device) {
    forgetOtherTrials(device);
    long seed = resolution.config().seed();
    Dataset samples = resolution.trainingSplit(resolution.openData(Optional.empty()));
    endless(resolution.config()).check(samples.size());
    Map<String, Modality> modalities =
        resolution.modalities(Optional.of(samples), artefacts::store, note -> {});
    GraphSpec spec = resolution.graph(modalities, resolution.precision(device).precision());
    TrainingGraph graph = TrainingGraph.create(spec, device, seed, samples.size());
    try {
      return new Trial(resolution, samples, graph);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private Trial(Resolution resolution, Dataset samples, TrainingGraph graph) {
    this.samples = samples;
    this.graph = graph;
    RunConfig config = resolution.config();
    Engine engine = Engine.getInstance();
    Optimizer optimizer = Optimizer.of(graph, config.optimizer(), resolution::rate);
    synchronise = synchronisation(graph.manager());
    stopwatch = new Stopwatch(synchronise);
    plain = new TrainingStep(graph, optimizer, engine, config.seed());
    timed = new TrainingStep(graph, optimizer, engine, config.seed(), stopwatch, Optional.empty());
    BrokenCells broken = new BrokenCells(samples.size(), 1, cell -> {});
    Device device = graph.manager().getDevice();
    batches = new BatchSource(samples, graph.plan(), endless(config), Cursor.START, broken, device);
  }

  /// What a trial before this one has left is not this one's memory.
  private static void forgetOtherTrials(Device device) {
    System.gc();
    DeviceMemory.release(device);
    ResidentMemory.forgetPeak();
  }

  /// As the run reads, without an end.
  private static BatchSource.Reading endless(RunConfig config) {
    BatchSource.Reading own = TrainingLoop.reading(config);
    return new BatchSource.Reading(
        own.split(),
        own.batch(),
        own.accumulate(),
        own.dropLast(),
        own.seed(),
        Integer.MAX_VALUE,
        own.workers(),
        own.ahead());
  }

  /// Reading a number that lies on the GPU waits for all that was asked of it before.
  private static Runnable synchronisation(NDManager owner) {
    if (!owner.getDevice().isGpu()) {
      return () -> {};
    }
    NDArray number = owner.ones(new Shape(1));
    return number::toFloatArray;
  }

  /// Takes the steps of a round.
  Outcome run(Benchmark.Plan plan) {
    take(plain, plan.warmup(), StepClock.none());
    synchronise.run();
    long start = System.nanoTime();
    long rows = take(plain, plan.steps(), StepClock.none());
    synchronise.run();
    double seconds = (double) (System.nanoTime() - start) / 1e9;
    stopwatch.start();
    take(timed, plan.steps(), stopwatch);
    stopwatch.stop();
    return new Outcome(
        (double) rows / seconds,
        stopwatch.nanos(),
        ResidentMemory.peakBytes(),
        Gpu.usedBytes(graph.manager().getDevice()));
  }

  /// Takes steps.
  ///
  /// @return how many samples they were of
  private long take(TrainingStep step, int count, StepClock clock) {
    long rows = 0;
    for (int i = 0; i < count; i++) {
      clock.enter(Phase.WAITING);
      List<Batch> batch = batches.next();
      clock.enter(Phase.REST);
      double epoch = (double) taken / (double) batches.stepsPerEpoch();
      step.take(batch, 0, new Moment(taken++, epoch));
      batches.recycle();
      rows += batch.stream().mapToLong(Batch::size).sum();
    }
    return rows;
  }

  /// What worker threads need for a sample.
  DrawingCost.PerSample drawing() {
    return DrawingCost.measure(samples, graph.plan(), DRAWN_SAMPLES);
  }

  @Override
  public void close() {
    batches.close();
    graph.close();
  }
}
