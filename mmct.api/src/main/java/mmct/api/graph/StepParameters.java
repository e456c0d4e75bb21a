package mmct.api.graph;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import mmct.api.engine.Torch;
import org.jspecify.annotations.Nullable;

/// Hands a block its parameters for one step: as fresh leaves that share the weights' memory and
/// are owned by the step.
///
/// A leaf that no term reached ends the step without a gradient, which is how the optimiser knows
/// to leave the parameter alone; nothing has to be set to zero between steps; and what a block
/// derives from a parameter is freed with the step.
public final class StepParameters extends ParameterStore {
  private final NDManager step;
  private final boolean trained;
  private final IdentityHashMap<Parameter, NDArray> leaves = new IdentityHashMap<>();
  private Optional<GradientBuffer> summed = Optional.empty();

  /// Parameters for one step.
  ///
  /// @param step owns the leaves
  /// @param trained whether gradients are recorded for them
  public StepParameters(NDManager step, boolean trained) {
    super(step, false);
    this.step = step;
    this.trained = trained;
  }

  /// A parameter's leaf; null for a parameter that a block does without, such as a bias.
  @Override
  public @Nullable NDArray getValue(
      @Nullable Parameter parameter, Device device, boolean training) {
    return parameter == null ? null : leaves.computeIfAbsent(parameter, this::leaf);
  }

  private NDArray leaf(Parameter parameter) {
    NDArray leaf = Torch.alias(parameter.getArray(), step);
    if (trained && parameter.requiresGradient()) {
      leaf.setRequiresGradient(true);
    }
    return leaf;
  }

  /// The gradient of a parameter, in its shape and owned by the step; empty where none reached it.
  public Optional<NDArray> gradient(Parameter parameter) {
    return summed.isPresent()
        ? summed.get().gradient(parameter)
        : Optional.ofNullable(leaves.get(parameter)).flatMap(Torch::gradient);
  }

  /// Whether a term reached a parameter.
  boolean reached(Parameter parameter) {
    Optional<NDArray> gradient = gradient(parameter);
    gradient.ifPresent(handle -> handle.attach(step));
    return gradient.isPresent();
  }

  /// Lays the gradients side by side in one buffer and has those of other processes added to it;
  /// from then on [#gradient] gives the sums, as views of the buffer.
  ///
  /// @param weights whose gradients, in an order that is the same in all processes
  /// @param sum changes the buffer in place: float32, the gradients of all parameters one after the
  ///     other, zeros where none reached one, and then for each parameter in how many processes one
  ///     did
  public void sumGradients(List<Weights> weights, Consumer<NDArray> sum) {
    summed = Optional.of(new GradientBuffer(weights, this, sum, step));
  }

  /// The gradients of all parameters that one reached, owned by the step: the memory that
  /// [#gradient] gives, to be changed in place.
  public List<NDArray> gradients() {
    if (summed.isPresent()) {
      return summed.get().all();
    }
    List<NDArray> gradients = new ArrayList<>();
    for (NDArray leaf : leaves.values()) {
      Torch.gradient(leaf).ifPresent(gradients::add);
    }
    gradients.forEach(gradient -> gradient.attach(step));
    return gradients;
  }
}
