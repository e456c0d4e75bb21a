package mmct.losses;

import ai.djl.ndarray.NDArray;

/// A value per query with its slope, computed without recording.
///
/// @param value `[n, 1]`
/// @param slope how the value changes with the query, `[n, d]`
record Sloped(NDArray value, NDArray slope) {
  /// The same value, through which gradients flow to the query.
  ///
  /// @param query where the slope was taken, `[n, d]`
  /// @return `[n, 1]`
  NDArray along(NDArray query) {
    // Zero, but for its gradient.
    NDArray moved = query.sub(query.stopGradient()).mul(slope).sum(new int[] {1}, true); // [n, 1]
    return moved.add(value);
  }
}
