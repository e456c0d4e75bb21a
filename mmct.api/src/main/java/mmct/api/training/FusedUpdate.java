package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import mmct.api.engine.FusedUpdates;
import mmct.api.engine.Torch;
import mmct.api.graph.Weights.Slot;
import mmct.api.training.TrainedGroup.Reached;

/// Updates all parameters of a group in one or two native calls, which go over the memory once.
final class FusedUpdate implements GradientUpdate {
  private final FusedUpdates updates;
  private final UpdateRule.Fused rule;
  private final IdentityHashMap<TrainedGroup, Views> views = new IdentityHashMap<>();

  /// The parameters' parts of the flat arrays, in their shapes.
  ///
  /// @param weights one per slot
  /// @param memory one per memory and slot
  private record Views(NDList weights, List<NDList> memory) {}

  /// Prepares the updates of groups.
  ///
  /// @param owner keeps views of the weights
  FusedUpdate(
      FusedUpdates updates, UpdateRule.Fused rule, List<TrainedGroup> groups, NDManager owner) {
    this.updates = updates;
    this.rule = rule;
    for (TrainedGroup group : groups) {
      views.put(
          group,
          new Views(
              views(group, group.group().weights().flat(), owner),
              group.memory().stream().map(memory -> views(group, memory, owner)).toList()));
    }
  }

  private static NDList views(TrainedGroup group, NDArray flat, NDManager owner) {
    NDList views = new NDList();
    for (Slot slot : group.slots()) {
      try (NDArray part = Torch.rows(flat, slot.offset(), slot.offset() + slot.size(), owner)) {
        NDArray view = part.reshape(slot.shape());
        view.attach(owner);
        views.add(view);
      }
    }
    return views;
  }

  @Override
  public double norm(List<Reached> gradients) {
    NDList all = new NDList();
    gradients.forEach(reached -> all.addAll(reached.gradients()));
    return all.isEmpty() ? 0 : updates.norm(all);
  }

  @Override
  public void update(Reached gradients, double scale, Numbers numbers, NDManager step) {
    if (scale != 1 && !gradients.gradients().isEmpty()) {
      updates.scale(gradients.gradients(), scale);
    }
    for (boolean decaying : new boolean[] {true, false}) {
      int[] chosen =
          IntStream.range(0, gradients.slots().length)
              .filter(i -> decays(gradients, i, numbers) == decaying)
              .toArray();
      if (chosen.length > 0) {
        double decay = decaying ? numbers.decay() : 0;
        try (NDManager scope = step.newSubManager()) {
          rule.update(updates, arrays(gradients, chosen, scope), numbers.rate(), decay);
        }
      }
    }
  }

  private static boolean decays(Reached gradients, int i, Numbers numbers) {
    return gradients.group().slots().get(gradients.slots()[i]).decays(numbers.decaysAll());
  }

  private UpdateRule.Arrays arrays(Reached gradients, int[] chosen, NDManager scope) {
    TrainedGroup group = gradients.group();
    Views mine = Objects.requireNonNull(views.get(group));
    NDList weights = new NDList();
    NDList theirs = new NDList();
    List<NDList> memory = new ArrayList<>();
    mine.memory().forEach(any -> memory.add(new NDList()));
    long[] counts = new long[chosen.length];
    for (int c = 0; c < chosen.length; c++) {
      int slot = gradients.slots()[chosen[c]];
      weights.add(mine.weights().get(slot));
      theirs.add(gradients.gradients().get(chosen[c]));
      for (int m = 0; m < memory.size(); m++) {
        memory.get(m).add(mine.memory().get(m).get(slot));
      }
      counts[c] = group.counts()[slot];
    }
    return new UpdateRule.Arrays(weights, theirs, memory, counts, scope);
  }
}
