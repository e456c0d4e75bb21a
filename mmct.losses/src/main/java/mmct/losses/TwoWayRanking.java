package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;
import mmct.losses.MarginRanking.Reduction;

/// The ranking hinge among the rows of a batch, in both directions and without a queue.
///
/// Faghri et al., "VSE++: Improving Visual-Semantic Embeddings with Hard Negatives", 2018, the
/// sum of hinges and the max of hinges (the hardest alone), of the similarities `S` of n rows
/// of two modalities: `Σ_{j≠i} max(0, α − Sᵢᵢ + Sᵢⱼ) + Σ_{j≠i} max(0, α − Sᵢᵢ + Sⱼᵢ)`, or the
/// maxima instead of the sums. As a mean each sum is divided by `n − 1`.
///
/// Deviation: the paper's code sums over the rows of the batch; here their mean is taken, as of
/// all losses. Other rows of a row's own instance are left out where the run says so; the mean is
/// then divided by the number of those that are left.
///
/// @param margin α
/// @param reduction how the rows that a row is compared with are put together
public record TwoWayRanking(double margin, Reduction reduction) implements Loss {
  private static final int[] CANDIDATES = {1};

  /// Checks the margin.
  public TwoWayRanking {
    MarginRanking.checkMargin(margin);
  }

  @Override
  public Needs needs() {
    return new Needs(new Needs.Joint(2, 2, Needs.Side.query()), List.of(), List.of());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    NDArray first = input.sides().getFirst().queries().getFirst(); // [n, d]
    NDArray second = input.sides().getLast().queries().getFirst(); // [n, d]
    int n = Math.toIntExact(first.getShape().get(0));
    NDArray own = first.mul(second).sum(CANDIDATES, true); // [n, 1]
    Optional<NDArray> same = input.sameInstance();
    NDArray itself = SameInstance.exclude(n, same, input.manager());
    NDArray all = first.matMul(second.transpose()).add(itself); // [n, n]
    NDArray count = SameInstance.others(n, same, own); // [n] or []
    NDArray others = count.maximum(Constant.of(count, 1));
    NDArray there = direction(own, all, others);
    return LossOutput.of(there.add(direction(own, all.transpose(), others))); // [n]
  }

  private NDArray direction(NDArray own, NDArray all, NDArray others) {
    NDArray hinges = MarginRanking.hinges(own, all, margin); // [n, n]
    return switch (reduction) {
      case SUM -> hinges.sum(CANDIDATES);
      case MEAN -> hinges.sum(CANDIDATES).div(others);
      case MAX -> hinges.max(CANDIDATES);
    };
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.of(
        switch (reduction) {
          case SUM -> 2 * margin * candidates;
          case MEAN, MAX -> 2 * margin;
        });
  }
}
