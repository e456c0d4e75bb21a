package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.Optional;
import mmct.api.spi.Constant;

/// Other rows of a row's own instance among the rows of a batch, boolean `[n, n]` and symmetric,
/// which are neither negatives nor positives of it.
final class SameInstance {
  private static final int[] OTHERS = {1};

  private SameInstance() {}

  /// Zeros where rows are of one instance, ones elsewhere and on the diagonal: `[n, n]`.
  static NDArray there(NDArray same) {
    return same.logicalNot().toType(DataType.FLOAT32, false);
  }

  /// What to add to the logits `[n, n]` of rows among themselves, so that none meets itself or
  /// another row of its instance.
  static NDArray exclude(int rows, Optional<NDArray> same, NDManager manager) {
    NDArray self = LogSum.excludeSelf(rows, manager);
    return same.map(which -> self.add(CrossEntropy.low(which))).orElse(self);
  }

  /// How many other rows each row is told apart from: `[n]`, or `[]` where it is the same for all.
  ///
  /// @param beside an array of the batch's device and manager
  static NDArray others(int rows, Optional<NDArray> same, NDArray beside) {
    NDArray all = Constant.of(beside, rows - 1.0);
    return same.map(which -> all.sub(which.toType(DataType.FLOAT32, false).sum(OTHERS)))
        .orElse(all);
  }

  /// How many pairs of different rows are of one instance, each counted both ways.
  static long pairs(Optional<NDArray> same) {
    return same.map(which -> which.toType(DataType.INT64, false).sum().getLong()).orElse(0L);
  }

  /// The same of some of the rows.
  ///
  /// @param chosen their numbers
  static Optional<NDArray> among(Optional<NDArray> same, long[] chosen) {
    return same.map(
        which -> {
          NDArray numbers = which.getManager().create(chosen);
          return which.get(new NDIndex("{}", numbers)).get(new NDIndex(":, {}", numbers));
        });
  }
}
