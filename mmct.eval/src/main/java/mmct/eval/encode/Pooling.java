package mmct.eval.encode;

import java.util.Arrays;

/// What becomes of an output that is not yet one feature vector for each row. Arrays are row-major.
final class Pooling {
  /// Keeps the norm of a row of zeros from being divided by.
  private static final double LEAST_NORM = 1e-12;

  private Pooling() {}

  /// One token's vector of each row: `[n, l, w]` to `[n, w]`.
  ///
  /// @param tokens by row, the index of the token; below 0 gives zeros
  static float[] at(float[] values, int length, int width, int... tokens) {
    float[] pooled = new float[tokens.length * width];
    for (int row = 0; row < tokens.length; row++) {
      if (tokens[row] >= 0) {
        System.arraycopy(values, (row * length + tokens[row]) * width, pooled, row * width, width);
      }
    }
    return pooled;
  }

  /// The index of the last token of each row that is there; -1 where none is.
  ///
  /// @param present `[n, l]`
  static int[] last(int length, boolean... present) {
    int[] last = new int[present.length / length];
    for (int row = 0; row < last.length; row++) {
      int token = length - 1;
      while (token >= 0 && !present[row * length + token]) {
        token--;
      }
      last[row] = token;
    }
    return last;
  }

  /// The mean of the vectors of the tokens that are there: `[n, l, w]` to `[n, w]`; a row without
  /// tokens gives zeros.
  ///
  /// @param present `[n, l]`
  static float[] mean(float[] values, int length, int width, boolean... present) {
    int rows = present.length / length;
    float[] pooled = new float[rows * width];
    double[] sum = new double[width];
    for (int row = 0; row < rows; row++) {
      Arrays.fill(sum, 0);
      int count = 0;
      for (int token = row * length; token < (row + 1) * length; token++) {
        count += present[token] ? 1 : 0;
        for (int i = 0; present[token] && i < width; i++) {
          sum[i] += values[token * width + i];
        }
      }
      for (int i = 0; i < width; i++) {
        pooled[row * width + i] = (float) (sum[i] / Math.max(1, count));
      }
    }
    return pooled;
  }

  /// The largest of each component over the tokens that are there: `[n, l, w]` to `[n, w]`; a row
  /// without tokens gives zeros.
  ///
  /// @param present `[n, l]`
  static float[] max(float[] values, int length, int width, boolean... present) {
    int rows = present.length / length;
    float[] pooled = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      boolean any = false;
      for (int token = row * length; token < (row + 1) * length; token++) {
        for (int i = 0; present[token] && i < width; i++) {
          float value = values[token * width + i];
          int at = row * width + i;
          pooled[at] = any ? Math.max(pooled[at], value) : value;
        }
        any |= present[token];
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
