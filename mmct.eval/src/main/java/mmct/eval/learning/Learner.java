package mmct.eval.learning;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.engine.Torch;
import mmct.api.graph.ParameterNames;
import mmct.api.graph.StepParameters;
import mmct.api.graph.Weights;
import mmct.api.training.Optimizer;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.data.Seeds;

/// Blocks that an evaluation trains with Adam (Kingma and Ba 2015) while the encoders that are
/// judged stay as they are.
///
/// Weights, their starts and dropout follow from the seed alone. Closing frees the blocks.
public final class Learner implements AutoCloseable {
  private final NDManager manager;
  private final Optimizer optimizer;
  private final double rate;
  private final long seed;
  private long steps;

  /// A block that learns.
  ///
  /// @param block not initialised yet
  /// @param inputs a shape per input, batch axis first
  public record Part(Block block, List<Shape> inputs) {
    /// Copies the shapes.
    public Part {
      inputs = List.copyOf(inputs);
    }
  }

  /// What a step makes smaller.
  @FunctionalInterface
  public interface Objective {
    /// The loss `[]`.
    ///
    /// @param parameters hands out the blocks' parameters
    /// @param step owns temporaries
    NDArray of(ParameterStore parameters, NDManager step);
  }

  /// Features of some rows, without gradients.
  @FunctionalInterface
  public interface Encoding {
    /// The features `[n, d]`.
    ///
    /// @param parameters hands out the blocks' parameters
    /// @param scope owns temporaries
    NDArray of(ParameterStore parameters, NDManager scope);
  }

  /// Initialises blocks.
  ///
  /// @param parts the blocks by name
  /// @param device where they learn
  /// @param rate the learning rate of Adam before [#step]'s factor
  /// @param seed decides everything random
  public Learner(Map<String, Part> parts, Device device, double rate, long seed) {
    this.rate = rate;
    this.seed = seed;
    manager = NDManager.newBaseManager(device);
    Weights weights = Torch.alone(() -> initialised(parts));
    optimizer =
        new Optimizer(List.of(new Optimizer.Group("all", weights, rate)), adam(rate), manager);
  }

  private Weights initialised(Map<String, Part> parts) {
    Torch.seed(Seeds.hash(seed));
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    parts.forEach(
        (name, part) -> {
          Shape[] inputs = part.inputs().toArray(Shape[]::new);
          part.block().initialize(manager, DataType.FLOAT32, inputs);
          ParameterNames.of(part.block())
              .forEach((leaf, p) -> parameters.put(name + "." + leaf, p));
        });
    return Weights.gather(parameters, manager);
  }

  /// AdamW without weight decay is Adam.
  private static OptimizerConfig adam(double rate) {
    return Settings.of(Map.of("type", "adamw", "lr", rate, "weightDecay", 0.0))
        .bind(OptimizerConfig.class);
  }

  /// Takes one step of Adam.
  ///
  /// @param factor on the learning rate
  /// @return the loss before the step
  /// @throws MmctException where the loss or its gradient is not finite
  public double step(double factor, Objective objective) {
    return Torch.alone(() -> compute(factor, objective));
  }

  private double compute(double factor, Objective objective) {
    Torch.seed(Seeds.hash(seed, ++steps));
    try (var _ = Torch.withoutGradient();
        NDManager step = manager.newSubManager()) {
      StepParameters parameters = new StepParameters(step, true);
      double value;
      try (GradientCollector gradients = Torch.recorded(Engine.getInstance())) {
        NDArray loss = objective.of(parameters, step);
        value = loss.getFloat();
        if (!Double.isFinite(value)) {
          throw new MmctException(
              "the loss must stay finite but was %s after %d steps of learning rate %s"
                  .formatted(value, steps - 1, rate * factor));
        }
        gradients.backward(loss);
      }
      optimizer.step(parameters, factor, step);
      return value;
    }
  }

  /// Encodes some rows with the blocks as they are.
  ///
  /// @return row-major `[n, d]`
  public float[] encode(Encoding encoding) {
    try (var _ = Torch.withoutGradient();
        NDManager scope = manager.newSubManager()) {
      return encoding.of(new StepParameters(scope, false), scope).toFloatArray();
    }
  }

  /// Passes a batch through a block.
  ///
  /// @param inputs each `[n, ...]`
  /// @return the first output, `[n, d]`
  public static NDArray forward(
      Block block, ParameterStore parameters, NDList inputs, boolean training) {
    return block.forward(parameters, inputs, training).head();
  }

  @Override
  public void close() {
    manager.close();
  }
}
