package mmct.eval.algebra;

import java.util.Arrays;
import java.util.stream.IntStream;

/// A symmetric matrix that Householder reflections have made tridiagonal, `T = V A Vᵀ`, in float64
/// (Golub and Van Loan 2013, algorithm 8.3.1).
///
/// @param diagonal of T, `[n]`
/// @param beside of T, the entries next to the diagonal, `[n − 1]`
/// @param reflections by the first row that they change less one; null where nothing was to be
///     reflected
public record Tridiagonal(double[] diagonal, double[] beside, double[][] reflections) {
  private static final int HALVINGS = 60;

  /// Below this size threads cost more than they give.
  private static final int PARALLEL = 128;

  /// Reduces a matrix, which is overwritten.
  ///
  /// @param a symmetric `[n][n]`
  public static Tridiagonal of(double[][] a) {
    int n = a.length;
    double[] beside = new double[Math.max(0, n - 1)];
    double[][] reflections = new double[n][];
    for (int k = 0; k < n - 1; k++) {
      double[] v = Arrays.copyOfRange(a[k], k + 1, n);
      double norm = Math.sqrt(dot(v, v));
      beside[k] = v[0] > 0 ? -norm : norm;
      v[0] -= beside[k];
      double length = Math.sqrt(dot(v, v));
      if (length > 0) {
        scale(v, 1 / length);
        reflect(a, v, k + 1);
        reflections[k] = v;
      }
    }
    double[] diagonal = IntStream.range(0, n).mapToDouble(i -> a[i][i]).toArray();
    return new Tridiagonal(diagonal, beside, reflections);
  }

  /// `A ← H A H` on the rows and columns from `first` on, with `H = 1 − 2vvᵀ`.
  private static void reflect(double[][] a, double[] v, int first) {
    double[] w = new double[v.length];
    rows(v.length).forEach(i -> w[i] = dot(a[first + i], first, v));
    double share = dot(v, w);
    Arrays.setAll(w, i -> 2 * (w[i] - share * v[i]));
    rows(v.length)
        .forEach(
            i -> {
              double[] row = a[first + i];
              for (int j = 0; j < v.length; j++) {
                row[first + j] -= v[i] * w[j] + w[i] * v[j];
              }
            });
  }

  /// V, the product of all reflections, the last one leftmost, `[n][n]`.
  public double[][] vectors() {
    int n = reflections.length;
    double[][] product = new double[n][n];
    for (int k = n - 1; k >= 0; k--) {
      product[k][k] = 1;
      double[] v = reflections[k];
      int first = k + 1;
      if (v != null) {
        // What is done so far is the identity outside the rows and columns from `first` on.
        rows(v.length).forEach(i -> reflectRow(product[first + i], v, first));
      }
    }
    return product;
  }

  private static void reflectRow(double[] row, double[] v, int first) {
    double twice = 2 * dot(row, first, v);
    for (int j = 0; j < v.length; j++) {
      row[first + j] -= twice * v[j];
    }
  }

  /// The eigenvalues in ascending order, each exact to about the last bits of the largest: found by
  /// bisection, with the number of eigenvalues below a point as guide (Golub and Van Loan 2013,
  /// section 8.4.1).
  public double[] eigenvalues() {
    double bound = bound();
    double[] values = new double[diagonal.length];
    for (int i = 0; i < values.length; i++) {
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

  /// The square of the entry beside the diagonal in the row given and the one before.
  private double square(int row) {
    return row == 0 || row == diagonal.length ? 0 : beside[row - 1] * beside[row - 1];
  }

  /// No eigenvalue is larger in magnitude (Gershgorin).
  private double bound() {
    double bound = 0;
    for (int i = 0; i < diagonal.length; i++) {
      double after = square(i + 1);
      bound = Math.max(bound, Math.abs(diagonal[i]) + Math.sqrt(square(i)) + Math.sqrt(after));
    }
    return Math.nextUp(bound);
  }

  /// How many eigenvalues are below a point: the negative pivots of the shifted matrix (Sylvester).
  private int below(double point) {
    int below = 0;
    double pivot = 1;
    for (int i = 0; i < diagonal.length; i++) {
      pivot = diagonal[i] - point - square(i) / pivot;
      if (pivot == 0) {
        pivot = Double.MIN_NORMAL;
      }
      below += pivot < 0 ? 1 : 0;
    }
    return below;
  }

  private static IntStream rows(int count) {
    return rows(count, count);
  }

  /// Numbers of rows, on all cores where the matrix is large.
  ///
  /// @param size of the matrix
  static IntStream rows(int count, int size) {
    IntStream rows = IntStream.range(0, count);
    return size < PARALLEL ? rows : rows.parallel();
  }

  private static double dot(double[] a, double[] b) {
    return dot(a, 0, b);
  }

  private static double dot(double[] a, int first, double[] b) {
    double sum = 0;
    for (int i = 0; i < b.length; i++) {
      sum += a[first + i] * b[i];
    }
    return sum;
  }

  private static void scale(double[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }
}
