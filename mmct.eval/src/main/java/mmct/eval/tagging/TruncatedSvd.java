package mmct.eval.tagging;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.DoubleBuffer;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mmct.api.engine.Torch;
import mmct.eval.algebra.SymmetricEigen;

/// The largest singular values of a symmetric matrix and their vectors, as `U √Σ`.
///
/// A singular value of a symmetric matrix is the magnitude of an eigenvalue, and the left vectors
/// are the eigenvectors. Small matrices are decomposed whole. Large ones are sampled by randomised
/// subspace iteration (Halko, Martinsson and Tropp 2011, algorithms 4.4 and 5.3): a random basis is
/// multiplied by the matrix a few times and made orthonormal in between, and the small matrix that
/// is left on it is decomposed.
final class TruncatedSvd {
  /// Up to this size the whole matrix is decomposed.
  private static final int WHOLE = 1024;

  private static final int ITERATIONS = 8;
  private static final long SEED = 0x9E3779B97F4A7C15L;

  private final SparseMatrix matrix;
  private final int whole;

  /// Prepares the decomposition of a symmetric matrix.
  TruncatedSvd(SparseMatrix matrix) {
    this(matrix, WHOLE);
  }

  /// Prepares the decomposition.
  ///
  /// @param whole up to this size the whole matrix is decomposed
  TruncatedSvd(SparseMatrix matrix, int whole) {
    this.matrix = matrix;
    this.whole = whole;
  }

  /// The vectors of the largest singular values, each times the root of its value.
  ///
  /// @param width the most vectors d; the matrix may have fewer that are not zero
  /// @return row-major `[n, min(n, d)]`
  double[] rooted(int width) {
    int n = matrix.size();
    int kept = Math.min(n, width);
    // A few vectors more than are wanted make the wanted ones accurate.
    int sampled = kept + Math.max(64, kept / 4);
    if (n <= whole || sampled >= n) {
      SymmetricEigen all = SymmetricEigen.of(matrix.dense());
      return rooted(all, largest(all, kept));
    }
    try (NDManager manager = NDManager.newBaseManager(Device.cpu());
        var _ = Torch.withoutGradient()) {
      return sampled(kept, sampled, manager);
    }
  }

  private double[] sampled(int kept, int sampled, NDManager manager) {
    int n = matrix.size();
    SplittableRandom random = new SplittableRandom(SEED);
    OrthonormalRows rows = new OrthonormalRows(sampled, n, manager);
    double[] basis = rows.of(random.doubles((long) n * sampled, -1, 1).toArray());
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      basis = rows.of(matrix.times(basis, sampled));
    }
    NDArray image = array(matrix.times(basis, sampled), new Shape(n, sampled), manager);
    double[] small = rows.array().matMul(image).toDoubleArray(); // [s, s]
    SymmetricEigen eigen = SymmetricEigen.of(symmetric(small, sampled));
    double[] within = rooted(eigen, largest(eigen, kept)); // [s, d]
    NDArray turn = array(within, new Shape(sampled, kept), manager);
    return rows.array().transpose().matMul(turn).toDoubleArray(); // [n, d]
  }

  private static int[] largest(SymmetricEigen eigen, int count) {
    return IntStream.range(0, eigen.values().length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -Math.abs(eigen.values()[i])))
        .limit(count)
        .mapToInt(i -> i)
        .toArray();
  }

  /// The chosen vectors as columns times the root of their value's magnitude, row-major `[n, d]`.
  private static double[] rooted(SymmetricEigen eigen, int... chosen) {
    int n = eigen.values().length;
    double[] rooted = new double[n * chosen.length];
    for (int column = 0; column < chosen.length; column++) {
      double[] vector = eigen.vectors()[chosen[column]];
      double root = Math.sqrt(Math.abs(eigen.values()[chosen[column]]));
      for (int row = 0; row < n; row++) {
        rooted[row * chosen.length + column] = root * vector[row];
      }
    }
    return rooted;
  }

  /// Rounding leaves the small matrix not quite symmetric.
  private static double[][] symmetric(double[] values, int size) {
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        matrix[i][j] = (values[i * size + j] + values[j * size + i]) / 2;
      }
    }
    return matrix;
  }

  /// A float64 array in the engine's memory.
  static NDArray array(double[] values, Shape shape, NDManager manager) {
    java.nio.ByteBuffer bytes = manager.allocateDirect(Math.multiplyExact(values.length, 8));
    DoubleBuffer doubles = bytes.asDoubleBuffer();
    doubles.put(values);
    return manager.create(bytes, shape, DataType.FLOAT64);
  }
}
