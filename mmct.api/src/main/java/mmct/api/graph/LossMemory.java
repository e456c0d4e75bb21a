package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mmct.api.engine.Torch;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.LossParameter.Kind;
import mmct.api.spi.LossState;
import mmct.api.spi.Needs;

/// What belongs to one loss and outlives a step: its trained parameters and its state.
final class LossMemory {
  private final List<LossState> declared;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, NDArray> state = new LinkedHashMap<>();
  private final List<Parameter> directions = new ArrayList<>();
  private final Weights weights;

  /// Creates what a loss declares.
  ///
  /// @param width of the space in which the loss compares
  /// @param samples the size of the training split, for state per sample
  LossMemory(Needs needs, int width, long samples, NDManager owner) {
    declared = needs.state();
    IdentityHashMap<Parameter, LossParameter> kinds = new IdentityHashMap<>();
    for (LossParameter each : needs.parameters()) {
      Parameter parameter = create(each, width, owner);
      parameters.put(each.name(), parameter);
      kinds.put(parameter, each);
      if (each.kind() == Kind.DIRECTIONS) {
        directions.add(parameter);
      }
    }
    weights =
        Weights.gather(
            parameters, parameter -> decay(Objects.requireNonNull(kinds.get(parameter))), owner);
    directions.forEach(parameter -> toLengthOne(parameter.getArray()));
    for (LossState each : declared) {
      Shape shape = each.perSample() ? new Shape(samples).addAll(each.shape()) : each.shape();
      state.put(each.name(), owner.full(shape, (float) each.initial()));
    }
  }

  private static Weights.Decay decay(LossParameter declared) {
    return switch (declared.kind()) {
      // What it does to directions is undone after the update.
      case WEIGHT, DIRECTIONS -> Weights.Decay.ALWAYS;
      case FREE -> Weights.Decay.NEVER;
    };
  }

  private static void toLengthOne(NDArray rows) {
    try (NDManager scope = rows.getManager().newSubManager()) {
      Torch.copy(Torch.alias(rows, scope).normalize(2, 1, 1e-12), rows);
    }
  }

  private static Parameter create(LossParameter declared, int width, NDManager owner) {
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

  /// Brings directions back to length 1 after an update; those that no term reached stay.
  void settle(StepParameters step) {
    for (Parameter parameter : directions) {
      if (step.reached(parameter)) {
        toLengthOne(parameter.getArray());
      }
    }
  }

  /// Takes over the new state that a loss returned; what it did not return stays. Of several rows
  /// of one instance the last one's is kept.
  ///
  /// @param instances of the rows, length n
  void keep(LossOutput output, long[] instances, NDManager manager) {
    if (declared.isEmpty()) {
      return;
    }
    int[] last = lastOfEach(instances);
    for (LossState each : declared) {
      NDArray content = output.state().get(each.name());
      if (content != null) {
        NDArray values = Torch.alias(content, manager);
        if (each.perSample() && last.length < instances.length) {
          // Which of several rows would win is not said by the engine.
          long[] once = Arrays.stream(last).mapToLong(row -> instances[row]).toArray();
          NDArray chosen = values.get(new NDIndex("{}", manager.create(last)));
          whole(each).set(rows(once, manager), chosen);
        } else if (each.perSample()) {
          whole(each).set(rows(instances, manager), values);
        } else {
          Torch.copy(values, whole(each));
        }
      }
    }
  }

  /// The last row of each instance, ascending.
  private static int[] lastOfEach(long[] instances) {
    Map<Long, Integer> last = new HashMap<>();
    for (int row = 0; row < instances.length; row++) {
      last.put(instances[row], row);
    }
    return last.values().stream().mapToInt(row -> row).sorted().toArray();
  }

  private static NDIndex rows(long[] instances, NDManager manager) {
    return new NDIndex("{}", manager.create(instances));
  }

  private NDArray whole(LossState each) {
    return Objects.requireNonNull(state.get(each.name()), each.name());
  }
}
