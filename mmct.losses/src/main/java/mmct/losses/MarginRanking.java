package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import java.util.List;
import java.util.OptionalDouble;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// The ranking hinge between the query's own key and the queue.
///
/// Paper, Eq. 11 and 14: `Σⱼ max(0, α − s₀ + sⱼ)` over the unmasked queue rows, a sum. As a mean
/// the
/// sum is divided by the number of unmasked rows, so that weights need not change with the queue;
/// as a maximum the hardest row alone counts (VSE++, Eq. 6).
///
/// @param margin α
/// @param reduction how the queue rows of a query are put together
public record MarginRanking(double margin, Reduction reduction) implements Loss {
  /// How the hinges of a query become one value.
  public enum Reduction {
    /// Their sum, as in the paper.
    SUM,
    /// Their mean over the unmasked rows.
    MEAN,
    /// The largest.
    MAX
  }

  /// Checks the margin.
  public MarginRanking {
    if (!(margin > 0)) {
      throw new IllegalArgumentException("margin must be above 0 but was " + margin);
    }
  }

  @Override
  public Needs needs() {
    return new Needs(
        new Needs.Pair(Needs.Side.query(), Needs.Side.key(Needs.Queue.REQUIRED), false),
        List.of(),
        List.of());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    NDArray own = input.query().mul(input.key()).sum(new int[] {1}, true); // [n, 1]
    NDArray others = input.query().matMul(input.queue().transpose()); // [n, k]
    NDArray hinges = Activation.relu(others.sub(own).add(margin)); // [n, k]
    if (input.masked().isPresent()) {
      hinges = hinges.mul(input.masked().get().logicalNot().toType(DataType.FLOAT32, false));
    }
    return LossOutput.of(reduce(hinges, input)); // [n]
  }

  private NDArray reduce(NDArray hinges, LossInput input) {
    int[] rows = {1};
    return switch (reduction) {
      case SUM -> hinges.sum(rows);
      case MEAN -> hinges.sum(rows).div(candidates(hinges, input));
      // Without a single queue row there is no maximum; the sum of none is the zero it should be.
      case MAX -> hinges.getShape().get(1) == 0 ? hinges.sum(rows) : hinges.max(rows);
    };
  }

  /// The number of unmasked rows of each query, at least 1: `[n]`, or one value for all.
  private static NDArray candidates(NDArray hinges, LossInput input) {
    float all = hinges.getShape().get(1);
    return input
        .masked()
        .map(m -> m.toType(DataType.FLOAT32, false).sum(new int[] {1}).neg().add(all).maximum(1))
        .orElseGet(() -> input.manager().create(Math.max(1, all)));
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.of(
        switch (reduction) {
          case SUM -> margin * candidates;
          case MEAN, MAX -> margin;
        });
  }
}
