package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import mmct.api.engine.Torch;
import mmct.api.graph.Weights.Slot;

/// The gradients of a step side by side in one buffer, which looks alike in every process that
/// trains the same graph: zeros stand for parameters that no term of this process reached, and
/// behind all gradients stands a number for each parameter, 1 where one did. So one sum of buffers
/// tells both the gradients and which of them there are.
///
/// All weights of a graph are float32 on one device, so one buffer is enough.
final class GradientBuffer {
  private final IdentityHashMap<Parameter, NDArray> views = new IdentityHashMap<>();

  /// Puts gradients side by side, lets somebody add to them, and looks which there are then.
  ///
  /// @param trained whose gradients
  /// @param gradients of this process
  /// @param sum changes the buffer `[total + parameters]` in place
  /// @param step owns the buffer
  GradientBuffer(
      List<Weights> trained, StepParameters gradients, Consumer<NDArray> sum, NDManager step) {
    List<Slot> slots = trained.stream().flatMap(weights -> weights.slots().stream()).toList();
    long total = slots.stream().mapToLong(Slot::size).sum();
    NDArray buffer = step.zeros(new Shape(total + slots.size()));
    List<NDArray> parts = new ArrayList<>();
    float[] reached = new float[slots.size()];
    long offset = 0;
    for (int i = 0; i < reached.length; i++) {
      Slot slot = slots.get(i);
      NDArray part = Torch.rows(buffer, offset, offset + slot.size(), step);
      Optional<NDArray> gradient = gradients.gradient(slot.parameter());
      if (gradient.isPresent()) {
        reached[i] = 1;
        try (NDArray own = gradient.get();
            NDArray flat = own.flatten()) {
          Torch.copy(flat, part);
        }
      }
      parts.add(part);
      offset += slot.size();
    }
    NDArray counts = Torch.rows(buffer, total, total + reached.length, step);
    Torch.copy(step.create(reached), counts);
    sum.accept(buffer);
    float[] summed = counts.toFloatArray();
    for (int i = 0; i < reached.length; i++) {
      if (summed[i] > 0) {
        views.put(slots.get(i).parameter(), parts.get(i).reshape(slots.get(i).shape()));
      }
    }
  }

  /// The gradient of a parameter, a view of the buffer in the parameter's shape; empty where none
  /// reached it in any process.
  Optional<NDArray> gradient(Parameter parameter) {
    return Optional.ofNullable(views.get(parameter));
  }

  /// All gradients that there are.
  List<NDArray> all() {
    return List.copyOf(views.values());
  }
}
