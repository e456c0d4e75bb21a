package mmct.eval.algebra;

/// All eigenvalues and eigenvectors of a symmetric matrix, in float64.
///
/// The matrix is made tridiagonal, then implicit QR steps with Wilkinson's shift make it diagonal
/// (Golub and Van Loan 2013, algorithms 8.3.2 and 8.3.3). The vectors of one step are turned
/// together, in strips of columns on all cores.
///
/// @param values `[n]`, in no order
/// @param vectors `[n][n]`, row i is the unit eigenvector of `values[i]`
public record SymmetricEigen(double[] values, double[][] vectors) {
  private static final double EPSILON = Math.ulp(1.0);

  /// QR steps per eigenvalue; two or three are usual.
  private static final int MOST_STEPS = 60;

  /// Columns that one thread turns at a time; they stay in a core's cache.
  private static final int STRIP = 256;

  /// Decomposes a matrix, which is overwritten.
  ///
  /// @param matrix symmetric `[n][n]`
  public static SymmetricEigen of(double[][] matrix) {
    Tridiagonal reduced = Tridiagonal.of(matrix);
    Band band = new Band(reduced.diagonal().clone(), reduced.beside().clone(), reduced.vectors());
    diagonalise(band);
    return new SymmetricEigen(band.diagonal, band.vectors);
  }

  /// `T = V A Vᵀ`, on its way from tridiagonal to diagonal.
  ///
  /// @param diagonal of T, `[n]`
  /// @param beside of T, the entries next to the diagonal, `[n − 1]`
  /// @param vectors V, `[n][n]`
  private record Band(double[] diagonal, double[] beside, double[][] vectors) {}

  private static void diagonalise(Band t) {
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

  private static boolean negligible(Band t, int i) {
    double scale = Math.abs(t.diagonal[i]) + Math.abs(t.diagonal[i + 1]);
    return Math.abs(t.beside[i]) <= EPSILON * scale || Math.abs(t.beside[i]) < Double.MIN_NORMAL;
  }

  /// One implicit QR step on the block from `turns.low` to `high`.
  private static void step(Band t, int high, Turns turns) {
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
      Tridiagonal.rows((n + STRIP - 1) / STRIP, n)
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
}
