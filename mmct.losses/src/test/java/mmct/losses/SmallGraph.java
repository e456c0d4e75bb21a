package mmct.losses;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import mmct.api.config.Settings;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.graph.Batch;
import mmct.api.graph.BatchPlan;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Loss;
import mmct.api.spi.Needs;
import mmct.api.training.Optimizer;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.TrainingStep;

/// A graph of one objective over vectors, with an optimiser, to take steps with. The modalities are
/// `a`, `b` and `c`; what an instance's views hold follows from its number.
final class SmallGraph implements AutoCloseable {
  static final int WIDTH = 5;
  static final int SAMPLES = 40;
  private static final List<String> MODALITIES = List.of("a", "b", "c");

  private final TrainingGraph graph;
  private final Optimizer optimizer;
  private final TrainingStep step;
  private long done;

  /// A graph with a queue that holds random rows at first.
  SmallGraph(Loss loss, String... modalities) {
    this(loss, 16, modalities);
  }

  SmallGraph(Loss loss, int queue, String... modalities) {
    this(loss, queue, true, modalities);
  }

  SmallGraph(Loss loss, int queue, boolean maskSameInstance, String... modalities) {
    this(loss, queue, maskSameInstance, Map.of("type", "adamw", "lr", 0.01), modalities);
  }

  SmallGraph(
      Loss loss,
      int queue,
      boolean maskSameInstance,
      Map<String, ?> optimizer,
      String... modalities) {
    GraphSpec spec =
        GraphSpec.builder()
            .modality("a", new Vectors64(7))
            .modality("b", new Vectors64(8))
            .modality("c", new Vectors64(9))
            .space("s", new SpaceConfig(WIDTH, 0))
            .objective("o", new ObjectiveSpec(loss, List.of(modalities), "s", 1))
            .queue(queue)
            .randomQueue(true)
            .maskSameInstance(maskSameInstance)
            .build();
    graph = TrainingGraph.create(spec, Device.cpu(), 3, SAMPLES);
    this.optimizer = Optimizer.of(graph, Settings.of(optimizer).bind(OptimizerConfig.class));
    step = new TrainingStep(graph, this.optimizer, Engine.getInstance(), 3);
  }

  /// As many modalities as a loss takes, at most three.
  static String[] modalities(Loss loss) {
    int count =
        switch (loss.needs().form()) {
          case Needs.Pair _ -> 2;
          case Needs.Joint joint -> Math.min(MODALITIES.size(), joint.atMost());
        };
    return MODALITIES.subList(0, count).toArray(String[]::new);
  }

  /// Takes the next step with random instances, a tenth of which lack each modality.
  TrainingStep.Result take(int rows) {
    SplittableRandom random = new SplittableRandom(done);
    long[] instances = random.longs(0, SAMPLES).distinct().limit(rows).toArray();
    Map<Long, String> lacking = new HashMap<>();
    for (long instance : instances) {
      MODALITIES.stream()
          .filter(_ -> random.nextInt(10) == 0)
          .forEach(name -> lacking.merge(instance, name, String::concat));
    }
    return take(instances, lacking);
  }

  /// Takes the next step with instances, each of which lacks the modalities that are named for it.
  TrainingStep.Result take(long[] instances, Map<Long, String> lacking) {
    Map<String, Batch.Views> views = new HashMap<>();
    Map<String, BatchPlan.Draw> plan = graph.plan().modalities();
    plan.forEach(
        (name, draw) -> {
          int[] rows =
              IntStream.range(0, instances.length)
                  .filter(i -> !lacking.getOrDefault(instances[i], "").contains(name))
                  .toArray();
          views.put(
              name,
              new Batch.Views(
                  queries(name, draw.queries(), rows, instances),
                  keys(name, draw.keys(), rows, instances)));
        });
    List<String> ids = Arrays.stream(instances).mapToObj(Long::toString).toList();
    Batch batch = new Batch(ids, instances, views, Map.of());
    // Ten epochs a step, so that a few steps see every phase of a loss.
    TrainingStep.Result result = step.take(List.of(batch), 1, new Moment(done, 10.0 * done));
    done++;
    return result;
  }

  /// Every third instance lacks the second view, others lack the third, and so on.
  private static List<Batch.Rows> queries(String name, int views, int[] rows, long[] instances) {
    List<Batch.Rows> all = new ArrayList<>();
    for (int v = 0; v < views; v++) {
      int view = v;
      int[] there =
          Arrays.stream(rows).filter(i -> view == 0 || (instances[i] + view) % 3 != 0).toArray();
      all.add(rows(name, v, there, instances));
    }
    return all;
  }

  private static List<Batch.Rows> keys(String name, int views, int[] rows, long[] instances) {
    return IntStream.range(0, views).mapToObj(v -> rows(name, 50 + v, rows, instances)).toList();
  }

  private static Batch.Rows rows(String name, int view, int[] rows, long[] instances) {
    List<View> made =
        Arrays.stream(rows)
            .mapToObj(i -> Vectors64.view(name.hashCode() + 97L * view + instances[i]))
            .toList();
    return new Batch.Rows(rows, made.isEmpty() ? List.of() : List.of(HostTensor.stack(made, 0)));
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
}
