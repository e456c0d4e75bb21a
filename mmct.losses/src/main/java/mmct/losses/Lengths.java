package mmct.losses;

import ai.djl.ndarray.NDArray;
import mmct.api.spi.LossMath;

/// Lengths of rows, whose gradient stays finite where a row is zero.
final class Lengths {
  private Lengths() {}

  /// `√(‖x‖² + ε)` of each row, `[n, 1]`.
  ///
  /// @param rows `[n, d]`
  /// @param epsilon ε, far below the squares that occur
  static NDArray of(NDArray rows, double epsilon) {
    return LossMath.lengths(rows, epsilon);
  }
}
