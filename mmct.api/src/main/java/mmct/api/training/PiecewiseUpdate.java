package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import mmct.api.engine.Torch;
import mmct.api.graph.Weights.Slot;
import mmct.api.spi.Constant;
import mmct.api.training.TrainedGroup.Reached;
import mmct.api.training.UpdateRule.Piece;
import mmct.api.training.UpdateRule.Scalars;

/// Updates neighbouring parameters together, in pieces that stay in a core's cache or, on a GPU, in
/// few large ones.
final class PiecewiseUpdate implements GradientUpdate {
  private final UpdateRule rule;

  /// Updates by a rule.
  PiecewiseUpdate(UpdateRule rule) {
    this.rule = rule;
  }

  /// Neighbouring parameters of one group with their gradients side by side.
  private record Run(TrainedGroup group, int first, int last, NDArray gradient) {
    Slot slot() {
      return group.slots().get(first);
    }
  }

  @Override
  public double norm(List<Reached> gradients) {
    NDList squares = new NDList();
    for (Reached reached : gradients) {
      for (NDArray gradient : reached.gradients()) {
        NDArray flat = gradient.flatten();
        squares.add(flat.dot(flat));
      }
    }
    if (squares.isEmpty()) {
      return 0;
    }
    double sum = 0;
    for (float square : NDArrays.stack(squares).toFloatArray()) {
      sum += square;
    }
    return Math.sqrt(sum);
  }

  @Override
  public void update(Reached gradients, double scale, Numbers numbers, NDManager step) {
    for (Run run : runs(gradients, step)) {
      if (scale != 1) {
        run.gradient().muli(Constant.of(run.gradient(), scale));
      }
      update(run, numbers, step);
    }
  }

  private List<Run> runs(Reached gradients, NDManager step) {
    TrainedGroup group = gradients.group();
    List<Run> runs = new ArrayList<>();
    NDList parts = new NDList();
    int first = 0;
    long size = 0;
    for (int i = 0; i < gradients.slots().length; i++) {
      int slot = gradients.slots()[i];
      int last = first + parts.size() - 1;
      if (!parts.isEmpty() && !(slot == last + 1 && joins(group, first, slot, size))) {
        runs.add(new Run(group, first, last, join(parts, group.slots(), first, step)));
        parts.clear();
        size = 0;
      }
      first = parts.isEmpty() ? slot : first;
      parts.add(gradients.gradients().get(i).flatten());
      size += group.slots().get(slot).size();
    }
    if (!parts.isEmpty()) {
      int last = first + parts.size() - 1;
      runs.add(new Run(group, first, last, join(parts, group.slots(), first, step)));
    }
    return runs;
  }

  private boolean joins(TrainedGroup group, int first, int next, long size) {
    List<Slot> slots = group.slots();
    return !rule.perParameter()
        && size + slots.get(next).size() <= group.group().weights().piece()
        && slots.get(first).decay() == slots.get(next).decay()
        && group.counts()[first] == group.counts()[next];
  }

  /// Puts gradients side by side as the weights lie, with zeros in the gaps.
  private static NDArray join(NDList parts, List<Slot> slots, int first, NDManager step) {
    if (parts.size() == 1) {
      return parts.head();
    }
    NDList laid = new NDList();
    for (int i = 0; i < parts.size(); i++) {
      Slot slot = slots.get(first + i);
      laid.add(parts.get(i));
      long gap = slot.end() - slot.offset() - slot.size();
      if (gap > 0 && i < parts.size() - 1) {
        laid.add(step.zeros(new Shape(gap)));
      }
    }
    return NDArrays.concat(laid);
  }

  private void update(Run run, Numbers numbers, NDManager step) {
    TrainedGroup group = run.group();
    long offset = run.slot().offset();
    long size = run.gradient().size();
    long piece = rule.perParameter() ? size : group.group().weights().piece();
    boolean decays = run.slot().decays(numbers.decaysAll());
    Scalars scalars = new Scalars(numbers.rate(), numbers.decay(), group.counts()[run.first()]);
    for (long from = 0; from < size; from += piece) {
      long begin = from;
      long end = Math.min(size, from + piece);
      try (NDManager scope = step.newSubManager()) {
        List<NDArray> memory =
            group.memory().stream()
                .map(m -> Torch.rows(m, offset + begin, offset + end, scope))
                .toList();
        NDArray weights =
            Torch.rows(group.group().weights().flat(), offset + begin, offset + end, scope);
        NDArray gradient = Torch.rows(run.gradient(), begin, end, scope);
        rule.update(
            new Piece(weights, gradient, memory, decays, run.slot().decays()), scalars, scope);
      }
    }
  }
}
