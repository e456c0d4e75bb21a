package mmct.api.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/// What most losses are made of, computed so that neither values nor gradients overflow or divide
/// by zero: for authors of losses. No number is made anew in each step ([Constant]).
///
/// Shapes: n rows, c candidates, d width.
public final class LossMath {
  /// What [#mask] adds to a logit: finite, so that zero times its logarithm is zero, and so low
  /// that its exponential is zero beside any similarity at any temperature above 1e-6.
  public static final float MASKED = -1e7f;

  private LossMath() {}

  /// `log Σ exp` along an axis, which is left out of the result's shape. The largest entry is taken
  /// out first, so that nothing overflows; entries may be as low as [#MASKED].
  ///
  /// @param logits finite, of any shape
  public static NDArray logSumExp(NDArray logits, int axis) {
    NDArray largest = logits.max(new int[] {axis}, true).stopGradient();
    NDArray sum = logits.sub(largest).exp().sum(new int[] {axis}, true);
    return sum.log().add(largest).squeeze(axis);
  }

  /// The cross-entropy `−Σⱼ yⱼ log softmax(logits)ⱼ` of each row.
  ///
  /// @param logits `[n, c]`
  /// @param targets y, `[n, c]`, without gradient: one where the right candidate is, or shares that
  ///     sum to one; zero where a candidate is masked
  /// @return `[n]`
  public static NDArray crossEntropy(NDArray logits, NDArray targets) {
    return logits.logSoftmax(1).mul(targets).sum(new int[] {1}).neg();
  }

  /// The cross-entropy of each row whose right candidate is the first: `−log softmax(logits)₀`.
  ///
  /// @param logits `[n, c]`
  /// @return `[n]`
  public static NDArray crossEntropyOfFirst(NDArray logits) {
    return logits.logSoftmax(1).get(":, 0").neg();
  }

  /// Logits of which those set are out of the way of any softmax or `log Σ exp`.
  ///
  /// @param logits `[n, c]`
  /// @param masked boolean `[n, c]`, or `[1, c]` for all rows alike, such as [LossInput#masked]
  public static NDArray mask(NDArray logits, NDArray masked) {
    return logits.add(low(masked));
  }

  /// [#MASKED] where a cell is set, zero elsewhere: float32 of the same shape.
  ///
  /// @param masked boolean, of any shape
  public static NDArray low(NDArray masked) {
    return masked.toType(DataType.FLOAT32, false).mul(Constant.of(masked, MASKED));
  }

  /// The length `√(‖x‖² + ε)` of each row, `[n, 1]`, whose gradient is finite where a row is zero.
  ///
  /// @param rows `[n, d]`
  /// @param epsilon ε, far below the squares that occur
  public static NDArray lengths(NDArray rows, double epsilon) {
    NDArray square = rows.mul(rows).sum(new int[] {1}, true); // [n, 1]
    return square.add(Constant.of(square, epsilon)).sqrt();
  }

  /// The rows divided by their L2 norm; a row of zeros stays one, and its gradient is finite.
  ///
  /// @param rows `[n, d]`
  /// @return unit rows `[n, d]`
  public static NDArray normalized(NDArray rows) {
    return rows.div(lengths(rows, 1e-12));
  }
}
