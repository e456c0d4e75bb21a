package mmct.eval.tagging;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import mmct.api.engine.Torch;

/// An orthonormal basis of what some vectors span, by Gram and Schmidt's method in blocks: a block
/// is freed of all earlier rows by two matrix products, then its rows of each other, and all of it
/// twice, which is enough for float64 (Giraud, Langou and Rozložník 2005).
///
/// A vector that depends on earlier ones becomes a row of zeros.
final class OrthonormalRows {
  private static final int BLOCK = 64;

  /// What is left of a vector that is none of its own.
  private static final double DEPENDENT = 1e-12;

  private final int count;
  private final int size;
  private final NDManager manager;
  private final NDArray rows;

  /// Makes room.
  ///
  /// @param count the number of vectors k
  /// @param size the size of a vector n
  OrthonormalRows(int count, int size, NDManager manager) {
    this.count = count;
    this.size = size;
    this.manager = manager;
    rows = manager.zeros(new Shape(count, size), DataType.FLOAT64);
  }

  /// The basis as rows, `[k, n]`; it changes with the next call of [#of].
  NDArray array() {
    return rows;
  }

  /// Makes the columns orthonormal.
  ///
  /// @param columns row-major `[n, k]`
  /// @return row-major `[n, k]`
  double[] of(double[] columns) {
    try (NDManager scope = manager.newSubManager()) {
      Torch.copy(
          TruncatedSvd.array(columns, new Shape(size, count), scope).transpose(), rows); // [k, n]
    }
    for (int from = 0; from < count; from += BLOCK) {
      int to = Math.min(count, from + BLOCK);
      try (NDManager scope = manager.newSubManager()) {
        orthonormalise(from, to, scope);
      }
    }
    try (NDManager scope = manager.newSubManager()) {
      NDArray transposed = rows.transpose();
      transposed.attach(scope);
      return transposed.toDoubleArray();
    }
  }

  private void orthonormalise(int from, int to, NDManager scope) {
    NDArray block = Torch.rows(rows, from, to, scope); // [b, n]
    double[] lengths = lengths(block);
    for (int pass = 0; pass < 2; pass++) {
      NDArray free = block;
      if (from > 0) {
        NDArray before = Torch.rows(rows, 0, from, scope); // [f, n]
        free = block.sub(block.matMul(before.transpose()).matMul(before));
      }
      double[][] vectors = vectors(free, to - from);
      withinBlock(vectors, lengths);
      double[] flat = Arrays.stream(vectors).flatMapToDouble(Arrays::stream).toArray();
      Torch.copy(TruncatedSvd.array(flat, block.getShape(), scope), block);
      // In the second pass the rows are of length 1 or 0 already.
      Arrays.fill(lengths, 1);
    }
  }

  private double[] lengths(NDArray block) {
    return Arrays.stream(vectors(block, Math.toIntExact(block.getShape().get(0))))
        .mapToDouble(vector -> Math.sqrt(dot(vector, vector)))
        .toArray();
  }

  private double[][] vectors(NDArray block, int number) {
    double[] flat = block.toDoubleArray();
    double[][] vectors = new double[number][];
    Arrays.setAll(vectors, i -> Arrays.copyOfRange(flat, i * size, (i + 1) * size));
    return vectors;
  }

  private static void withinBlock(double[][] vectors, double[] lengths) {
    for (int i = 0; i < vectors.length; i++) {
      double[] vector = vectors[i];
      for (int j = 0; j < i; j++) {
        double[] other = vectors[j];
        double share = dot(vector, other);
        Arrays.setAll(vector, k -> vector[k] - share * other[k]);
      }
      double length = Math.sqrt(dot(vector, vector));
      double factor = length > DEPENDENT * lengths[i] ? 1 / length : 0;
      Arrays.setAll(vector, k -> factor * vector[k]);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
