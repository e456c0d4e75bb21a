package mmct.eval.tagging;

import java.util.stream.IntStream;

/// A sparse symmetric matrix of float64, row by row.
///
/// @param starts per row its first entry, and in the end the number of entries
/// @param columns per entry its column, ascending within a row
/// @param values per entry its value
record SparseMatrix(int[] starts, int[] columns, double[] values) {
  /// The number of rows and of columns.
  int size() {
    return starts.length - 1;
  }

  /// All entries, `[n][n]`.
  double[][] dense() {
    double[][] dense = new double[size()][size()];
    for (int row = 0; row < size(); row++) {
      for (int entry = starts[row]; entry < starts[row + 1]; entry++) {
        dense[row][columns[entry]] = values[entry];
      }
    }
    return dense;
  }

  /// The product with a dense matrix.
  ///
  /// @param factor row-major `[n, width]`
  /// @return row-major `[n, width]`
  double[] times(double[] factor, int width) {
    double[] product = new double[factor.length];
    IntStream.range(0, size()).parallel().forEach(row -> addRow(row, factor, width, product));
    return product;
  }

  private void addRow(int row, double[] factor, int width, double[] product) {
    int target = row * width;
    for (int entry = starts[row]; entry < starts[row + 1]; entry++) {
      double value = values[entry];
      int source = columns[entry] * width;
      for (int i = 0; i < width; i++) {
        product[target + i] += value * factor[source + i];
      }
    }
  }
}
