package mmct.eval.tagging;

import java.util.Arrays;
import java.util.stream.IntStream;

/// All eigenvalues and eigenvectors of a symmetric matrix, in float64.
///
/// Householder reflections make the matrix tridiagonal, then implicit QR steps with Wilkinson's
/// shift make it diagonal (Golub and Van Loan 2013, algorithms 8.3.1 to 8.3.3). The vectors of one
/// step are turned together, in strips of columns on all cores.
///
/// @param values `[n]`, in no order
/// @param vectors `[n][n]`, row i is the unit eigenvector of `values[i]`
record SymmetricEigen(double[] values, double[][] vectors) {
  private static final double EPSILON = Math.ulp(1.0);

  /// QR steps per eigenvalue; two or three are usual.
  private static final int MOST_STEPS = 60;

  /// Columns that one thread turns at a time; they stay in a core's cache.
  private static final int STRIP = 256;

  /// Below this size threads cost more than they give.
  private static final int PARALLEL = 128;

  /// Decomposes a matrix, which is overwritten.
  ///
  /// @param matrix symmetric `[n][n]`
  static SymmetricEigen of(double[][] matrix) {
    Tridiagonal tridiagonal = tridiagonal(matrix);
    diagonalise(tridiagonal);
    return new SymmetricEigen(tridiagonal.diagonal, tridiagonal.vectors);
  }

  /// `T = V A Vᵀ`.
  ///
  /// @param diagonal of T, `[n]`
  /// @param beside of T, the entries next to the diagonal, `[n − 1]`
  /// @param vectors V, `[n][n]`
  private record Tridiagonal(double[] diagonal, double[] beside, double[][] vectors) {}

  private static Tridiagonal tridiagonal(double[][] a) {
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
    return new Tridiagonal(diagonal, beside, product(reflections));
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

  /// The product of all reflections, the last one leftmost.
  private static double[][] product(double[][] reflections) {
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

  private static void diagonalise(Tridiagonal t) {
    int high = t.diagonal.length - 1;
    int steps = 0;
    while (high > 0) {
      if (negligible(t, high - 1)) {
        t.beside[high - 1] = 0;
        high--;
        steps = 0;
        continue;
      }
      if (++steps > MOST_STEPS) {
        throw new ArithmeticException("an eigenvalue was not found in %d steps".formatted(steps));
      }
      int low = high - 1;
      while (low > 0 && !negligible(t, low - 1)) {
        low--;
      }
      Turns turns = new Turns(low, new double[high - low], new double[high - low]);
      step(t, high, turns);
      turns.apply(t.vectors);
    }
  }

  private static boolean negligible(Tridiagonal t, int i) {
    double scale = Math.abs(t.diagonal[i]) + Math.abs(t.diagonal[i + 1]);
    return Math.abs(t.beside[i]) <= EPSILON * scale || Math.abs(t.beside[i]) < Double.MIN_NORMAL;
  }

  /// One implicit QR step on the block from `turns.low` to `high`.
  private static void step(Tridiagonal t, int high, Turns turns) {
    double[] d = t.diagonal;
    double[] e = t.beside;
    int low = turns.low;
    double last = e[high - 1];
    double half = (d[high - 1] - d[high]) / 2;
    double shift = d[high] - last * last / (half + Math.copySign(Math.hypot(half, last), half));
    double x = d[low] - shift;
    double z = e[low];
    for (int k = low; k < high; k++) {
      double r = Math.hypot(x, z);
      double c = r == 0 ? 1 : x / r;
      double s = r == 0 ? 0 : z / r;
      turns.cosines[k - low] = c;
      turns.sines[k - low] = s;
      if (k > low) {
        e[k - 1] = r;
      }
      double mixed = 2 * c * s * e[k];
      double upper = d[k];
      double lower = d[k + 1];
      d[k] = c * c * upper + mixed + s * s * lower;
      d[k + 1] = s * s * upper - mixed + c * c * lower;
      e[k] = (c * c - s * s) * e[k] + c * s * (lower - upper);
      x = e[k];
      if (k < high - 1) {
        z = s * e[k + 1];
        e[k + 1] *= c;
      }
    }
  }

  /// The plane rotations of one step, of rows `low` and `low + 1`, the next pair, and so on.
  private record Turns(int low, double[] cosines, double[] sines) {
    void apply(double[][] vectors) {
      int n = vectors.length;
      rows((n + STRIP - 1) / STRIP, n)
          .forEach(strip -> apply(vectors, strip * STRIP, Math.min(n, (strip + 1) * STRIP)));
    }

    private void apply(double[][] vectors, int from, int to) {
      for (int k = 0; k < cosines.length; k++) {
        double[] upper = vectors[low + k];
        double[] lower = vectors[low + k + 1];
        double c = cosines[k];
        double s = sines[k];
        for (int j = from; j < to; j++) {
          double before = upper[j];
          upper[j] = c * before + s * lower[j];
          lower[j] = c * lower[j] - s * before;
        }
      }
    }
  }

  private static IntStream rows(int count) {
    return rows(count, count);
  }

  private static IntStream rows(int count, int size) {
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
