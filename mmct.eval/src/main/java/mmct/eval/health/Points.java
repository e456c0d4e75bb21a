package mmct.eval.health;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import mmct.api.engine.Torch;
import mmct.eval.algebra.Tridiagonal;

/// Features of some samples as points, one row `[width]` for each.
///
/// @param rows the points `[n, d]`, at least two
record Points(double[][] rows) {

  /// The number of points.
  int count() {
    return rows.length;
  }

  /// The mean squared distance of points to their partners: alignment with α = 2 (Wang and Isola,
  /// "Understanding Contrastive Representation Learning", ICML 2020, eq. 1). 0 is perfect; two
  /// random unit points are 2 apart.
  static double alignment(Points some, Points partners) {
    return IntStream.range(0, some.count())
        .mapToDouble(i -> squaredDistance(some.rows[i], partners.rows[i]))
        .average()
        .orElseThrow();
  }

  /// The distance between the means (Liang et al., "Mind the Gap", NeurIPS 2022, section 2). 0
  /// where two modalities share a region, 2 where they lie at opposite ends of the sphere.
  static double gap(Points some, Points others) {
    return Math.sqrt(squaredDistance(some.mean(), others.mean()));
  }

  private static double squaredDistance(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> (a[i] - b[i]) * (a[i] - b[i])).sum();
  }

  private double[] mean() {
    double[] mean = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return mean;
  }

  /// The logarithm of the mean of exp(−2‖x−y‖²) over all pairs: uniformity with t = 2 (Wang and
  /// Isola, eq. 2). 0 where all points are one; near −4 where many are spread over a sphere of many
  /// dimensions.
  double uniformity() {
    double[][] products = gram(rows);
    double sum = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < i; j++) {
        double squared = products[i][i] + products[j][j] - 2 * products[i][j];
        sum += Math.exp(-2 * Math.max(0, squared));
      }
    }
    return Math.log(sum / (0.5 * rows.length * (rows.length - 1)));
  }

  /// exp of the entropy of the singular values as shares of their sum (Roy and Vetterli, "The
  /// effective rank", EUSIPCO 2007): from 1, where all features point in one direction, to the
  /// smaller of the width and the number of points. 0 where all features are zero.
  double effectiveRank() {
    // The squares of the singular values are the eigenvalues of the smaller of AAᵀ and AᵀA.
    double[][] smaller = rows.length <= rows[0].length ? rows : transposed();
    double[] singular =
        Arrays.stream(Tridiagonal.of(gram(smaller)).eigenvalues())
            .map(value -> Math.sqrt(Math.max(0, value)))
            .toArray();
    double sum = Arrays.stream(singular).sum();
    if (sum == 0) {
      return 0;
    }
    double entropy =
        Arrays.stream(singular)
            .map(value -> value / sum)
            .filter(share -> share > 0)
            .map(share -> -share * Math.log(share))
            .sum();
    return Math.exp(entropy);
  }

  private double[][] transposed() {
    double[][] columns = new double[rows[0].length][rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.length; j++) {
        columns[j][i] = rows[i][j];
      }
    }
    return columns;
  }

  /// All dot products of rows `[n, n]`, in float64 by the engine.
  private static double[][] gram(double[][] rows) {
    int count = rows.length;
    try (NDManager manager = NDManager.newBaseManager(Device.cpu());
        var _ = Torch.withoutGradient()) {
      double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
      NDArray matrix = manager.create(flat, new Shape(count, rows[0].length));
      double[] products = matrix.matMul(matrix.transpose()).toDoubleArray();
      return IntStream.range(0, count)
          .mapToObj(i -> Arrays.copyOfRange(products, i * count, (i + 1) * count))
          .toArray(double[][]::new);
    }
  }
}
