package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mmct.api.engine.Torch;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.LossState;
import mmct.api.spi.Needs;

/// What belongs to one loss and outlives a step: its trained parameters and its state.
final class LossMemory {
  private final List<LossState> declared;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, NDArray> state = new LinkedHashMap<>();
  private final Weights weights;

  /// Creates what a loss declares.
  ///
  /// @param width of the space in which the loss compares
  /// @param samples the size of the training split, for state per sample
  LossMemory(Needs needs, int width, long samples, NDManager owner) {
    declared = needs.state();
    needs.parameters().forEach(each -> parameters.put(each.name(), create(each, width, owner)));
    weights = Weights.gather(parameters, owner);
    for (LossState each : declared) {
      Shape shape = each.perSample() ? new Shape(samples).addAll(each.shape()) : each.shape();
      state.put(each.name(), owner.full(shape, (float) each.initial()));
    }
  }

  private static Parameter create(LossParameter declared, int width, NDManager owner) {
    // A lone value is no weight to be pulled towards zero.
    Parameter.Type type =
        declared.shape().dimension() < 2 ? Parameter.Type.BIAS : Parameter.Type.WEIGHT;
    Initializer initial =
        (manager, shape, dataType) -> {
          NDArray constant = manager.full(shape, (float) declared.initial(), dataType);
          return declared.randomness() == 0
              ? constant
              : constant.addi(
                  manager.randomNormal(0, (float) declared.randomness(), shape, dataType));
        };
    Parameter parameter =
        Parameter.builder()
            .setName(declared.name())
            .setType(type)
            .optShape(declared.shape(width))
            .optInitializer(initial)
            .build();
    parameter.initialize(owner, DataType.FLOAT32);
    return parameter;
  }

  /// The trained parameters.
  Weights weights() {
    return weights;
  }

  /// The state by name, whole.
  Map<String, NDArray> state() {
    return state;
  }

  /// Hands parameters and state to a loss.
  ///
  /// @param instances of the rows, length n
  void handTo(LossInput.Builder input, StepParameters store, long[] instances, NDManager manager) {
    parameters.forEach(
        (name, parameter) ->
            input.parameter(
                name,
                Objects.requireNonNull(store.getValue(parameter, manager.getDevice(), true))));
    for (LossState each : declared) {
      NDArray whole = Torch.alias(whole(each), manager);
      // A copy either way: what the loss keeps for its gradient must not change under it.
      input.state(
          each.name(), each.perSample() ? whole.get(rows(instances, manager)) : whole.duplicate());
    }
  }

  /// Takes over the new state that a loss returned; what it did not return stays.
  ///
  /// @param instances of the rows, length n
  void keep(LossOutput output, long[] instances, NDManager manager) {
    for (LossState each : declared) {
      NDArray content = output.state().get(each.name());
      if (content != null) {
        NDArray values = Torch.alias(content, manager);
        if (each.perSample()) {
          whole(each).set(rows(instances, manager), values);
        } else {
          Torch.copy(values, whole(each));
        }
      }
    }
  }

  private static NDIndex rows(long[] instances, NDManager manager) {
    return new NDIndex("{}", manager.create(instances));
  }

  private NDArray whole(LossState each) {
    return Objects.requireNonNull(state.get(each.name()), each.name());
  }
}
