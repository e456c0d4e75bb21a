package mmct.eval.health;

/// The eigenvalues of a symmetric matrix.
///
/// Reflections bring the matrix to tridiagonal form (Golub and Van Loan, "Matrix Computations",
/// section 8.3.1), then each eigenvalue is found by bisection, with the number of eigenvalues below
/// a point as guide (section 8.4.1). That takes 4/3·n³ operations, and every eigenvalue is exact to
/// about the last bits of the largest.
final class SymmetricEigenvalues {
  private static final int HALVINGS = 60;

  private final double[][] matrix;
  private final int size;
  private final double[] diagonal;

  /// The squares of the entries beside the diagonal; the first is 0.
  private final double[] besideSquared;

  /// Takes a symmetric matrix `[n, n]`, which is overwritten.
  SymmetricEigenvalues(double[][] matrix) {
    this.matrix = matrix;
    size = matrix.length;
    diagonal = new double[size];
    besideSquared = new double[size];
    for (int k = 0; k < size; k++) {
      if (k < size - 1) {
        double beside = reflect(k);
        besideSquared[k + 1] = beside * beside;
      }
      diagonal[k] = matrix[k][k];
    }
  }

  /// Makes column k zero below the entry beside the diagonal: A becomes HAH with H = I − 2vvᵀ.
  ///
  /// @return that entry
  private double reflect(int k) {
    double norm = 0;
    for (int i = k + 1; i < size; i++) {
      norm = Math.hypot(norm, matrix[i][k]);
    }
    if (norm == 0) {
      return 0;
    }
    double first = matrix[k + 1][k];
    double beside = first > 0 ? -norm : norm;
    double[] v = new double[size];
    for (int i = k + 1; i < size; i++) {
      v[i] = matrix[i][k];
    }
    v[k + 1] -= beside;
    double length = Math.sqrt(2 * norm * (norm + Math.abs(first)));
    for (int i = k + 1; i < size; i++) {
      v[i] /= length;
    }
    apply(v, k + 1);
    return beside;
  }

  /// With q = Av − (vᵀAv)v the reflected matrix is A − 2vqᵀ − 2qvᵀ.
  private void apply(double[] v, int from) {
    double[] q = new double[size];
    double share = 0;
    for (int i = from; i < size; i++) {
      q[i] = dot(matrix[i], v, from);
      share += v[i] * q[i];
    }
    for (int i = from; i < size; i++) {
      q[i] -= share * v[i];
    }
    for (int i = from; i < size; i++) {
      double[] row = matrix[i];
      double twoV = 2 * v[i];
      double twoQ = 2 * q[i];
      for (int j = from; j < size; j++) {
        row[j] -= twoV * q[j] + twoQ * v[j];
      }
    }
  }

  private double dot(double[] row, double[] v, int from) {
    double sum = 0;
    for (int j = from; j < size; j++) {
      sum += row[j] * v[j];
    }
    return sum;
  }

  /// The eigenvalues in ascending order.
  double[] ascending() {
    double bound = bound();
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      double low = i == 0 ? -bound : values[i - 1];
      double high = bound;
      for (int halving = 0; halving < HALVINGS && low < high; halving++) {
        double middle = (low + high) / 2;
        if (below(middle) > i) {
          high = middle;
        } else {
          low = middle;
        }
      }
      values[i] = (low + high) / 2;
    }
    return values;
  }

  /// No eigenvalue is larger in magnitude (Gershgorin).
  private double bound() {
    double bound = 0;
    for (int i = 0; i < size; i++) {
      double after = i + 1 < size ? besideSquared[i + 1] : 0;
      bound =
          Math.max(bound, Math.abs(diagonal[i]) + Math.sqrt(besideSquared[i]) + Math.sqrt(after));
    }
    return Math.nextUp(bound);
  }

  /// How many eigenvalues are below a point: the negative pivots of the shifted matrix (Sylvester).
  private int below(double point) {
    int below = 0;
    double pivot = 1;
    for (int i = 0; i < size; i++) {
      pivot = diagonal[i] - point - (i == 0 ? 0 : besideSquared[i] / pivot);
      if (pivot == 0) {
        pivot = Double.MIN_NORMAL;
      }
      below += pivot < 0 ? 1 : 0;
    }
    return below;
  }
}
