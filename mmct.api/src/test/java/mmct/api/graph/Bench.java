package mmct.api.graph;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import mmct.api.config.Settings;
import mmct.api.graph.Objective.Moment;
import mmct.api.training.Optimizer;
import mmct.api.training.Optimizer.Group;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.TrainingStep;

/// A graph with an optimiser, to take steps with batches of a test's own making.
public final class Bench implements AutoCloseable {
  private static final long SEED = 3;

  private final TrainingGraph graph;
  private final Optimizer optimizer;
  private final TrainingStep step;
  private long done;

  /// A graph for 1000 samples and an optimiser of the settings given.
  public Bench(GraphSpec spec, Map<String, ?> optimizer) {
    graph = TrainingGraph.create(spec, Device.cpu(), SEED, 1000);
    OptimizerConfig config = Settings.of(optimizer).bind(OptimizerConfig.class);
    this.optimizer = new Optimizer(groups(graph, config.lr()), config, graph.manager());
    step = new TrainingStep(graph, this.optimizer, Engine.getInstance(), SEED);
  }

  /// A graph whose weights stay as they are.
  public static Bench still(GraphSpec.Builder spec) {
    return new Bench(spec.build(), Map.of("lr", 0, "momentum", 0, "weightDecay", 0));
  }

  private static List<Group> groups(TrainingGraph graph, double rate) {
    List<Group> groups = new ArrayList<>();
    graph.queryEncoders().forEach((name, e) -> groups.add(new Group(name, e.weights(), rate)));
    graph
        .objectives()
        .forEach(o -> groups.add(new Group("objective " + o.name(), o.weights(), rate)));
    return groups;
  }

  /// The graph.
  public TrainingGraph graph() {
    return graph;
  }

  /// The optimiser.
  public Optimizer optimizer() {
    return optimizer;
  }

  /// Takes a step with a batch in parts.
  public TrainingStep.Result take(Batch... parts) {
    return take(1, parts);
  }

  /// Takes a step under a schedule's factor.
  public TrainingStep.Result take(double factor, Batch... parts) {
    TrainingStep.Result result = step.take(List.of(parts), factor, new Moment(done, done / 10.0));
    done++;
    return result;
  }

  /// The queue of a modality's keys in a space.
  public FeatureQueue queue(String modality, String space) {
    return Objects.requireNonNull(graph.queues().get(new TrainingGraph.QueueKey(modality, space)));
  }

  /// All query and momentum weights, copied.
  public Map<String, float[]> weights() {
    return copy(graph.weights());
  }

  /// Everything that a checkpoint of graph and optimiser would hold, copied.
  public Map<String, float[]> everything() {
    try (var scope = graph.manager().newSubManager()) {
      Map<String, NDArray> all = new TreeMap<>(graph.state(scope));
      all.putAll(optimizer.state(scope));
      return copy(all);
    }
  }

  /// Takes over everything that another bench's checkpoint would hold.
  public void restore(Bench other) {
    try (var scope = other.graph.manager().newSubManager()) {
      graph.restore(other.graph.state(scope));
      optimizer.restore(other.optimizer.state(scope));
    }
    done = other.done;
  }

  private static Map<String, float[]> copy(Map<String, NDArray> arrays) {
    Map<String, float[]> copies = new TreeMap<>();
    arrays.forEach((name, array) -> copies.put(name, floats(array)));
    return copies;
  }

  private static float[] floats(NDArray array) {
    Number[] numbers = array.toArray();
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = numbers[i].floatValue();
    }
    return floats;
  }

  @Override
  public void close() {
    graph.close();
  }
}
