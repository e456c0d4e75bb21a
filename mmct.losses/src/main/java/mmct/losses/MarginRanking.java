package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.List;
import java.util.OptionalDouble;
import mmct.api.spi.Constant;
import mmct.api.spi.Needs;

/// The ranking hinge between the query's own key and the queue.
///
/// Paper, Eq. 11 and 14: `Σⱼ max(0, α − s₀ + sⱼ)` over the unmasked queue rows, a sum. As a
/// mean the sum is divided by the number of unmasked rows, so that weights need not change with
/// the queue; as a maximum the hardest row alone counts (the max of hinges of Faghri et al.,
/// "VSE++", 2018). Among the rows of a batch and in both directions it is [TwoWayRanking].
///
/// @param margin α
/// @param reduction how the queue rows of a query are put together
public record MarginRanking(double margin, Reduction reduction) implements CandidateLoss {
  private static final int[] CANDIDATES = {1};

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
    checkMargin(margin);
  }

  static void checkMargin(double margin) {
    if (!(margin > 0)) {
      throw new IllegalArgumentException("margin must be above 0 but was " + margin);
    }
  }

  @Override
  public double temperature() {
    return 1;
  }

  @Override
  public Needs needs() {
    return new Needs(
        new Needs.Pair(Needs.Side.query(), Needs.Side.key(Needs.Queue.REQUIRED), false),
        List.of(),
        List.of());
  }

  @Override
  public NDArray value(CandidateLogits cosines) {
    NDArray value =
        switch (reduction) {
          case SUM -> cosines.hinges(margin);
          case MEAN -> cosines.hinges(margin).div(counted(cosines));
          case MAX -> hinges(cosines.own(), cosines.largest(), margin);
        }; // [n, 1]
    return value.squeeze(1);
  }

  /// How far each candidate intrudes on the margin, `[n, k]`; masked ones, whose similarity is
  /// very low, do not.
  static NDArray hinges(NDArray own, NDArray others, double margin) {
    return Activation.relu(others.sub(own).add(Constant.of(own, margin)));
  }

  /// The number of unmasked rows of each query, at least 1: `[n, 1]`, or one value for all.
  private static NDArray counted(CandidateLogits cosines) {
    NDArray own = cosines.own();
    float all = cosines.count();
    return cosines
        .masked()
        .map(
            m ->
                m.sum(CANDIDATES, true)
                    .toType(own.getDataType(), false)
                    .neg()
                    .add(Constant.of(own, all))
                    .maximum(Constant.of(own, 1)))
        .orElseGet(() -> Constant.of(own, Math.max(1, all)));
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
