package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import mmct.api.MmctException;
import mmct.api.engine.Torch;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossState;
import mmct.api.spi.Origin;

/// What a loss promises of its value, to be checked at an objective's first step.
///
/// @param objective its name in the configuration
/// @param loss the loss of the objective
record LossContract(String objective, Loss loss) {
  /// Checks that the value is `[n]` or `[]`, floating, and depends on something trained where any
  /// of the input is, and that new state has the shape that was declared.
  ///
  /// @throws MmctException naming the objective, what was promised and what came
  void check(LossInput input, LossOutput output) {
    NDArray value = output.value();
    Shape shape = value.getShape();
    long rows = input.instances().length;
    if (shape.dimension() > 1 || (shape.dimension() == 1 && shape.get(0) != rows)) {
      throw wrong(
          "its value must be [n] or [], here [%d] or [], but is %s".formatted(rows, words(shape)));
    }
    if (!value.getDataType().isFloating()) {
      throw wrong("its value must be of a floating type but is " + value.getDataType());
    }
    if (trained(input) && !Torch.isRecorded(value)) {
      throw wrong(
          "its value has no gradient, so nothing can be learned from it; it must be computed from the query features or from parameters, by operations of arrays");
    }
    loss.needs().state().forEach(state -> check(state, rows, output));
  }

  private static boolean trained(LossInput input) {
    return input.sides().stream()
        .flatMap(side -> side.queries().stream())
        .anyMatch(Torch::isRecorded);
  }

  private void check(LossState state, long rows, LossOutput output) {
    NDArray content = output.state().get(state.name());
    Shape declared = state.perSample() ? new Shape(rows).addAll(state.shape()) : state.shape();
    if (content != null && !content.getShape().equals(declared)) {
      throw wrong(
          "its state '%s' must be %s but is %s"
              .formatted(state.name(), words(declared), words(content.getShape())));
    }
    List<String> names = loss.needs().state().stream().map(LossState::name).toList();
    for (String name : output.state().keySet()) {
      if (!names.contains(name)) {
        throw wrong("it returned a state '%s' that it does not declare".formatted(name));
      }
    }
  }

  private static String words(Shape shape) {
    return shape.toString().replace('(', '[').replace(')', ']');
  }

  private MmctException wrong(String what) {
    return new MmctException(
        "the loss of the objective '%s' breaks its contract: %s%s"
            .formatted(objective, what, Origin.of(loss).map(it -> " (" + it + ")").orElse("")));
  }
}
