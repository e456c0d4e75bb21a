package mmct.losses;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.graph.Batch;
import mmct.api.graph.BatchPlan;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Backbone;
import mmct.api.spi.Loss;
import mmct.api.spi.Modality;
import mmct.api.training.Optimizer;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.TrainingStep;

/// A graph of one objective over vectors, with an optimiser, to take steps with. The modalities are
/// `a`, `b` and `c`; a tenth of the samples lack each.
final class SmallGraph implements AutoCloseable {
  static final int WIDTH = 5;
  private static final int LENGTH = 6;
  private static final int SAMPLES = 40;

  private final TrainingGraph graph;
  private final Optimizer optimizer;
  private final TrainingStep step;
  private long done;

  SmallGraph(Loss loss, String... modalities) {
    this(loss, 16, modalities);
  }

  SmallGraph(Loss loss, int queue, String... modalities) {
    GraphSpec spec =
        GraphSpec.builder()
            .modality("a", new Vector(7))
            .modality("b", new Vector(8))
            .modality("c", new Vector(9))
            .space("s", new SpaceConfig(WIDTH, 0))
            .objective("o", new ObjectiveSpec(loss, List.of(modalities), "s", 1))
            .queue(queue)
            .build();
    graph = TrainingGraph.create(spec, Device.cpu(), 3, SAMPLES);
    optimizer =
        Optimizer.of(
            graph, Settings.of(Map.of("type", "adamw", "lr", 0.01)).bind(OptimizerConfig.class));
    step = new TrainingStep(graph, optimizer, Engine.getInstance(), 3);
  }

  TrainingGraph graph() {
    return graph;
  }

  /// Takes the next step with a random batch.
  TrainingStep.Result take(int rows) {
    TrainingStep.Result result = step.take(List.of(batch(rows)), 1, new Moment(done, done / 10.0));
    done++;
    return result;
  }

  private Batch batch(int rows) {
    SplittableRandom random = new SplittableRandom(done);
    long[] instances = random.longs(0, SAMPLES).distinct().limit(rows).toArray();
    Map<String, Batch.Views> views = new HashMap<>();
    graph.plan().modalities().forEach((name, draw) -> views.put(name, views(draw, rows, random)));
    return new Batch(
        Arrays.stream(instances).mapToObj(Long::toString).toList(), instances, views, Map.of());
  }

  private static Batch.Views views(BatchPlan.Draw draw, int rows, SplittableRandom random) {
    int[] present = IntStream.range(0, rows).filter(row -> random.nextInt(10) > 0).toArray();
    return new Batch.Views(
        views(draw.queries(), present, random), views(draw.keys(), present, random));
  }

  /// Views of which each has fewer rows than the one before.
  private static List<Batch.Rows> views(int count, int[] present, SplittableRandom random) {
    return IntStream.range(0, count)
        .mapToObj(
            v -> {
              int fewer = Math.max(Math.min(present.length, 2), present.length - v);
              int[] here = Arrays.copyOf(present, fewer);
              List<View> drawn = Arrays.stream(here).mapToObj(row -> vector(random)).toList();
              return new Batch.Rows(here, List.of(HostTensor.stack(drawn, 0)));
            })
        .toList();
  }

  private static View vector(SplittableRandom random) {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return View.of(values, LENGTH);
  }

  /// Everything that a checkpoint holds, copied.
  Map<String, float[]> everything() {
    try (NDManager scope = graph.manager().newSubManager()) {
      Map<String, float[]> copies = new TreeMap<>();
      graph
          .state(scope)
          .forEach(
              (name, array) -> {
                Number[] numbers = array.toArray();
                float[] floats = new float[numbers.length];
                for (int i = 0; i < floats.length; i++) {
                  floats[i] = numbers[i].floatValue();
                }
                copies.put(name, floats);
              });
      return copies;
    }
  }

  /// Takes over what another graph's checkpoint would hold.
  void restore(SmallGraph other) {
    try (NDManager scope = other.graph.manager().newSubManager()) {
      graph.restore(other.graph.state(scope));
      optimizer.restore(other.optimizer.state(scope));
    }
    done = other.done;
  }

  @Override
  public void close() {
    graph.close();
  }

  /// One linear layer over vectors.
  private record Vector(int width) implements Modality {
    @Override
    public Views draw(Cell cell, ViewRequest request) {
      throw new AssertionError("the test brings its own views");
    }

    @Override
    public List<View> plain(Cell cell) {
      throw new AssertionError("the test brings its own views");
    }

    @Override
    public Optional<Backbone> newBackbone(boolean dropout) {
      return Optional.of(
          new Backbone(
              Linear.builder().setUnits(width).build(), width, List.of(new Shape(1, LENGTH))));
    }
  }
}
