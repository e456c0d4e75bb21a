package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.engine.Torch;
import mmct.api.graph.Saved;
import mmct.api.graph.StepParameters;
import mmct.api.graph.Weights.Slot;

/// A group's weights, what the rule remembers of them, and how often each has been updated.
///
/// @param group what is trained
/// @param memory one array as large as the weights' flat one for each of the rule's
/// @param counts per parameter
record TrainedGroup(Optimizer.Group group, List<NDArray> memory, long[] counts) {
  /// A group of which nothing is remembered yet.
  static TrainedGroup of(Optimizer.Group group, UpdateRule rule, NDManager owner) {
    List<NDArray> memory =
        rule.memory().stream().map(n -> owner.zeros(group.weights().flat().getShape())).toList();
    return new TrainedGroup(group, memory, new long[group.weights().slots().size()]);
  }

  List<Slot> slots() {
    return group.weights().slots();
  }

  /// What a backward pass left: the parameters that a term reached, in the order of the slots.
  ///
  /// @param group whose they are
  /// @param slots the numbers of their slots, ascending
  /// @param gradients theirs, each in its parameter's shape
  record Reached(TrainedGroup group, int[] slots, NDList gradients) {}

  /// Finds the gradients.
  ///
  /// @param step owns them
  Reached reached(StepParameters parameters, NDManager step) {
    List<Integer> numbers = new ArrayList<>();
    NDList gradients = new NDList();
    for (int i = 0; i < slots().size(); i++) {
      Optional<NDArray> gradient = parameters.gradient(slots().get(i).parameter());
      if (gradient.isPresent()) {
        gradient.get().attach(step);
        gradients.add(gradient.get());
        numbers.add(i);
      }
    }
    return new Reached(this, numbers.stream().mapToInt(i -> i).toArray(), gradients);
  }

  /// What a checkpoint must hold, by name.
  void state(UpdateRule rule, Map<String, NDArray> state, NDManager scope) {
    for (int i = 0; i < memory.size(); i++) {
      state.put(prefix() + rule.memory().get(i), memory.get(i));
    }
    state.put(prefix() + "counts", scope.create(counts));
  }

  /// Takes over what [#state] gave.
  ///
  /// @throws mmct.api.MmctException where something is missing or of another shape
  void restore(UpdateRule rule, Map<String, NDArray> state) {
    for (int i = 0; i < memory.size(); i++) {
      NDArray mine = memory.get(i);
      Torch.copy(Saved.find(state, prefix() + rule.memory().get(i), mine.getShape()), mine);
    }
    long[] saved = Saved.find(state, prefix() + "counts", new Shape(counts.length)).toLongArray();
    System.arraycopy(saved, 0, counts, 0, saved.length);
  }

  private String prefix() {
    return "optimizer." + group.name() + ".";
  }
}
