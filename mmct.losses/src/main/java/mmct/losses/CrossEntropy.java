package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import mmct.api.spi.Constant;
import mmct.api.spi.LossMath;

/// The kernel that all losses share in which the right candidate must stand out: cross-entropy of
/// hard, soft or smoothed targets with the softmax of logits, some candidates masked.
///
/// @param logProbabilities log softmax over the candidates, `[n, c]`
record CrossEntropy(NDArray logProbabilities) {
  /// What is added to a masked candidate's logit.
  static final float MASKED = LossMath.MASKED;

  /// The softmax of logits `[n, c]`.
  static CrossEntropy of(NDArray logits) {
    return new CrossEntropy(logits.logSoftmax(1));
  }

  /// Logits of which those masked are out of the way.
  ///
  /// @param logits `[n, c]`
  /// @param masked boolean `[n, c]`, or `[1, c]` for all rows alike
  static NDArray mask(NDArray logits, Optional<NDArray> masked) {
    return masked.map(rows -> logits.add(low(rows))).orElse(logits);
  }

  /// A very low number where a row is set, zero elsewhere: float32 of the same shape.
  static NDArray low(NDArray masked) {
    return LossMath.low(masked);
  }

  /// The negative log-probability of the first candidate, `[n]`.
  NDArray first() {
    return logProbabilities.get(":, 0").neg();
  }

  /// The cross-entropy `−Σⱼ yⱼ log pⱼ` with targets.
  ///
  /// @param targets y `[n, c]`, without gradient; zero for masked candidates
  /// @return `[n]`
  NDArray towards(NDArray targets) {
    return logProbabilities.mul(targets).sum(new int[] {1}).neg();
  }

  /// Targets for n rows whose right candidates are on the diagonal of `[n, n]`: the share
  /// `1 − smoothing` is theirs, the rest is spread over all.
  static NDArray diagonal(int n, double smoothing, NDManager manager) {
    NDArray targets = manager.eye(n);
    return smoothing == 0
        ? targets
        : targets.mul(Constant.of(targets, 1 - smoothing)).add(Constant.of(targets, smoothing / n));
  }

  /// The same where some rows are left out: the rest is spread over the others.
  ///
  /// @param same which rows are left out, boolean `[n, n]`, none on the diagonal
  static NDArray diagonal(int n, double smoothing, Optional<NDArray> same, NDManager manager) {
    if (same.isEmpty() || smoothing == 0) {
      return diagonal(n, smoothing, manager);
    }
    NDArray eye = manager.eye(n);
    NDArray there = SameInstance.there(same.get()); // [n, n]
    NDArray shares = there.div(there.sum(new int[] {1}, true)); // [n, n]
    return eye.mul(Constant.of(eye, 1 - smoothing)).add(shares.mul(Constant.of(eye, smoothing)));
  }

  /// Both directions of a square of similarities: `λ·CE(S) + (1 − λ)·CE(Sᵀ)`.
  ///
  /// @param logits S, `[n, n]`
  /// @param rows targets of the rows of S, `[n, n]`
  /// @param columns targets of the columns of S, as rows, `[n, n]`
  /// @param lambda share of the rows
  /// @return `[n]`
  static NDArray bothWays(NDArray logits, NDArray rows, NDArray columns, double lambda) {
    NDArray there = of(logits).towards(rows); // [n]
    NDArray back = of(logits.transpose()).towards(columns); // [n]
    return there.mul(Constant.of(there, lambda)).add(back.mul(Constant.of(back, 1 - lambda)));
  }
}
