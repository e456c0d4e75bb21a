package mmct.losses;

import ai.djl.ndarray.NDArray;

/// Sinkhorn and Knopp's iterations in the domain of logarithms: the assignment of rows to
/// prototypes that follows the scores and uses all prototypes alike.
final class Sinkhorn {
  private Sinkhorn() {}

  /// Assigns rows. Each iteration first gives all prototypes the same total and then all
  /// rows; after the last, each row's shares add up to 1 and each prototype's to about n/c.
  ///
  /// @param logits scores divided by ε, `[n, c]`, without gradient
  /// @param present ones and zeros `[n]`; a row that is not there takes nothing from the
  ///     others
  /// @return shares `[n, c]`
  static NDArray assignments(NDArray logits, NDArray present, int iterations) {
    NDArray absent = LogSum.exclude(present).reshape(-1, 1); // [n, 1]
    NDArray shares = logits;
    for (int i = 0; i < iterations; i++) {
      NDArray prototypes = LogSum.along(0, shares.add(absent)); // [c]
      shares = shares.sub(prototypes);
      NDArray rows = LogSum.along(1, shares).reshape(-1, 1); // [n, 1]
      shares = shares.sub(rows);
    }
    return shares.exp();
  }
}
