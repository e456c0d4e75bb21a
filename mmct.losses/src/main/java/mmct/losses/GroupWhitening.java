package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import mmct.api.spi.Constant;

/// Whitening over the batch in groups of channels: `x ↦ (x − mean) Σ^(−½)` per group (ZCA).
///
/// The inverse root comes from Newton and Schulz's coupled iteration instead of an
/// eigenvalue decomposition, whose gradient is not to be had here and grows without bound
/// where eigenvalues meet.
final class GroupWhitening {
  /// Enough for a condition of 1e6: an eigenvalue's share of the trace grows by 9/4 an
  /// iteration.
  private static final int ITERATIONS = 24;

  private GroupWhitening() {}

  /// Whitens rows.
  ///
  /// @param rows `[n, d]`
  /// @param order the channels in the order in which they are grouped, length d
  /// @param size channels of a group; the last group may have fewer
  /// @param epsilon added to the diagonal of the covariance
  /// @return `[n, d]`, the channels in their own order
  static NDArray of(NDArray rows, long[] order, int size, double epsilon) {
    NDManager manager = rows.getManager();
    long n = rows.getShape().get(0);
    int width = order.length;
    int groups = (width + size - 1) / size;
    NDArray shuffled = rows.get(new NDIndex(":, {}", manager.create(order)));
    if (groups * size > width) {
      // A channel of zeros is on its own in the covariance, and stays zero.
      NDArray zeros = manager.zeros(new Shape(n, groups * size - width));
      shuffled = NDArrays.concat(new NDList(shuffled, zeros), 1);
    }
    NDArray grouped = shuffled.reshape(n, groups, size).transpose(1, 0, 2); // [g, n, s]
    NDArray centred = grouped.sub(grouped.mean(new int[] {1}, true));
    NDArray products = centred.transpose(0, 2, 1).matMul(centred); // [g, s, s]
    NDArray covariance = products.div(Constant.of(products, (double) n));
    NDArray ridge = manager.eye(size).mul(Constant.of(rows, epsilon)).expandDims(0);
    NDArray white = centred.matMul(inverseRoot(covariance.add(ridge), size)); // [g, n, s]
    NDArray flat = white.transpose(1, 0, 2).reshape(n, (long) groups * size);
    return flat.get(new NDIndex(":, {}", manager.create(inverse(order))));
  }

  private static long[] inverse(long[] order) {
    long[] inverse = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[Math.toIntExact(order[i])] = i;
    }
    return inverse;
  }

  /// `A^(−½)` of positive definite matrices `[g, s, s]`: Y₀ = A/tr A, Z₀ = 1,
  /// T = (3 − Z Y)/2, Y ← Y T, Z ← T Z; Z converges to `(A/tr A)^(−½)`.
  static NDArray inverseRoot(NDArray matrices, int size) {
    NDArray eye = matrices.getManager().eye(size).expandDims(0); // [1, s, s]
    NDArray trace = matrices.mul(eye).sum(new int[] {1, 2}).reshape(-1, 1, 1); // [g, 1, 1]
    NDArray half = Constant.of(matrices, 0.5);
    NDArray root = matrices.div(trace);
    NDArray inverse = eye.repeat(0, matrices.getShape().get(0));
    NDArray three = eye.mul(Constant.of(eye, 3)); // [1, s, s]
    for (int i = 0; i < ITERATIONS; i++) {
      NDArray step = three.sub(inverse.matMul(root)).mul(half);
      root = root.matMul(step);
      inverse = step.matMul(inverse);
    }
    return inverse.div(trace.sqrt());
  }
}
