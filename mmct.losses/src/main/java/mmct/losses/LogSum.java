package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import mmct.api.spi.Constant;
import mmct.api.spi.LossMath;

/// Logarithms of sums of exponentials, and the numbers that keep entries out of them.
final class LogSum {
  private static final float ABSENT = CrossEntropy.MASKED;

  private LogSum() {}

  /// `log Σ exp` along an axis, which is left out of the result's shape. The largest entry
  /// is taken out first, so that nothing overflows.
  static NDArray along(int axis, NDArray logits) {
    return LossMath.logSumExp(logits, axis);
  }

  /// What to add to logits so that some entries take no part.
  ///
  /// @param there ones and zeros, without gradient
  /// @return zeros where there is a one, in the same shape
  static NDArray exclude(NDArray there) {
    return there.sub(Constant.of(there, 1)).mul(Constant.of(there, -ABSENT));
  }

  /// What to add to the logits `[n, n]` of rows among themselves, so that none meets itself.
  static NDArray excludeSelf(int rows, NDManager manager) {
    NDArray self = manager.eye(rows);
    return self.mul(Constant.of(self, ABSENT));
  }
}
