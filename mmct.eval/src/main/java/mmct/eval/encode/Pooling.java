package mmct.eval.encode;

import java.util.Arrays;

/// What becomes of an output that is not yet one feature vector for each row. Arrays are row-major.
final class Pooling {
  /// Keeps the norm of a row of zeros from being divided by.
  private static final double LEAST_NORM = 1e-12;

  private Pooling() {}

  /// The first token's vector of each row: `[n, l, w]` to `[n, w]`.
  static float[] first(float[] values, int length, int width) {
    int rows = values.length / (length * width);
    float[] pooled = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(values, row * length * width, pooled, row * width, width);
    }
    return pooled;
  }

  /// The mean of the vectors of the tokens that are there: `[n, l, w]` to `[n, w]`; a row without
  /// tokens gives zeros.
  ///
  /// @param present 1 where there is a token and 0 where there is padding, `[n, l]`
  static float[] mean(float[] values, int length, int width, long... present) {
    int rows = values.length / (length * width);
    float[] pooled = new float[rows * width];
    double[] sum = new double[width];
    for (int row = 0; row < rows; row++) {
      Arrays.fill(sum, 0);
      long count = 0;
      for (int token = row * length; token < (row + 1) * length; token++) {
        count += present[token];
        for (int i = 0; present[token] != 0 && i < width; i++) {
          sum[i] += values[token * width + i];
        }
      }
      for (int i = 0; i < width; i++) {
        pooled[row * width + i] = (float) (sum[i] / Math.max(1, count));
      }
    }
    return pooled;
  }

  /// Rows of length 1: `[n, w]`, in place.
  static float[] normalised(float[] values, int width) {
    for (int start = 0; start < values.length; start += width) {
      double squares = 0;
      for (int i = start; i < start + width; i++) {
        squares += (double) values[i] * values[i];
      }
      double norm = Math.max(LEAST_NORM, Math.sqrt(squares));
      for (int i = start; i < start + width; i++) {
        values[i] = (float) (values[i] / norm);
      }
    }
    return values;
  }
}
