package mmct.api.graph;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import org.jspecify.annotations.Nullable;

/// Hands out a step's parameters to a pass that is run for the second time: running statistics,
/// which the first pass has moved, as copies that nobody reads again.
final class ReplayedParameters extends ParameterStore {
  private final StepParameters store;
  private final NDManager scope;

  ReplayedParameters(StepParameters store, NDManager scope) {
    super(scope, false);
    this.store = store;
    this.scope = scope;
  }

  @Override
  public @Nullable NDArray getValue(
      @Nullable Parameter parameter, Device device, boolean training) {
    if (parameter == null) {
      return null;
    }
    return switch (parameter.getType()) {
      case RUNNING_MEAN, RUNNING_VAR -> copy(parameter.getArray());
      case WEIGHT, BIAS, GAMMA, BETA, OTHER -> store.getValue(parameter, device, training);
    };
  }

  private NDArray copy(NDArray statistics) {
    NDArray copy = statistics.duplicate();
    copy.attach(scope);
    return copy;
  }
}
