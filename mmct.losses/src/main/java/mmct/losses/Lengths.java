package mmct.losses;

import ai.djl.ndarray.NDArray;
import mmct.api.spi.Constant;

/// Lengths of rows, whose gradient stays finite where a row is zero.
final class Lengths {
  private Lengths() {}

  /// `√(‖x‖² + ε)` of each row, `[n, 1]`.
  ///
  /// @param rows `[n, d]`
  /// @param epsilon ε, far below the squares that occur
  static NDArray of(NDArray rows, double epsilon) {
    NDArray square = rows.mul(rows).sum(new int[] {1}, true); // [n, 1]
    return square.add(Constant.of(square, epsilon)).sqrt();
  }
}
