package mmct.vision.resample;

import java.util.Arrays;
import mmct.vision.decode.Pixels;

/// One output row after the other, its colours apart.
///
/// A source row is turned into whole numbers of 32 bits once, and added up as such: the compiler
/// uses vector instructions for a loop that widens bytes and for one that adds numbers, but not for
/// one that does both.
final class Row {
  /// Bits of fraction of a weighted row; a weight times such a value must stay below 2^31.
  private static final int SUM_BITS = 8;

  private static final int SHIFT = FilterWeights.BITS - SUM_BITS;

  /// Bits of fraction of the results.
  static final int BITS = SUM_BITS + FilterWeights.BITS;

  private final Pixels source;
  private final int column;
  private final int values;
  private final FilterWeights.Even filters;
  private final int[][] widened; // source rows, by their number modulo how many are kept
  private final int[] kept;
  private final int[] sums;
  private final int[] red;
  private final int[] green;
  private final int[] blue;

  /// Rows of a picture.
  ///
  /// @param columns what an output takes from which columns
  /// @param most how many source rows an output takes from at most
  Row(Pixels source, FilterWeights columns, int most) {
    this.source = source;
    column = columns.low();
    values = 3 * (columns.high() - columns.low());
    filters = columns.even();
    widened = new int[most][3 * filters.inputs()];
    kept = new int[most];
    Arrays.fill(kept, -1);
    sums = new int[3 * filters.inputs()];
    red = new int[columns.outputs()];
    green = new int[columns.outputs()];
    blue = new int[columns.outputs()];
  }

  int[] red() {
    return red;
  }

  int[] green() {
    return green;
  }

  int[] blue() {
    return blue;
  }

  /// Makes the output row of some source rows.
  void take(FilterWeights.Taps rows) {
    int[] weights = rows.weights();
    int row = rows.first();
    int half = 1 << (SHIFT - 1);
    if (weights.length == 1) {
      first(widened(row), widened(row), weights[0], 0, half, sums);
    } else {
      first(widened(row), widened(row + 1), weights[0], weights[1], half, sums);
    }
    int k = 2;
    for (; k + 1 < weights.length; k += 2) {
      add(widened(row + k), widened(row + k + 1), weights[k], weights[k + 1], sums);
    }
    if (k < weights.length) {
      add(widened(row + k), widened(row + k), weights[k], 0, sums);
    }
    shift(sums);
    addColumns();
  }

  private int[] widened(int row) {
    int place = row % kept.length;
    if (kept[place] != row) {
      kept[place] = row;
      widen(source.rgb(), 3 * (row * source.width() + column), widened[place], values);
    }
    return widened[place];
  }

  private static void widen(byte[] bytes, int at, int[] target, int values) {
    for (int i = 0; i < values; i++) {
      target[i] = bytes[at + i] & 0xff;
    }
  }

  /// Two rows per pass halve the traffic of the sums.
  private static void first(
      int[] row, int[] next, int weight, int nextWeight, int offset, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = weight * row[i] + nextWeight * next[i] + offset;
    }
  }

  private static void add(int[] row, int[] next, int weight, int nextWeight, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight * row[i] + nextWeight * next[i];
    }
  }

  private static void shift(int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] >>= SHIFT;
    }
  }

  private void addColumns() {
    int length = filters.length();
    switch (length) {
      case 2 -> twos(filters.first(), filters.weights());
      case 4 -> fours(filters.first(), filters.weights(), 0, 4);
      case 6 -> sixes(filters.first(), filters.weights());
      default -> {
        for (int from = 0; from < length; from += 4) {
          fours(filters.first(), filters.weights(), from, length);
        }
      }
    }
  }

  private void twos(int[] first, int[] weights) {
    int[] s = sums;
    for (int x = 0; x < red.length; x++) {
      int at = 3 * first[x];
      int a = weights[2 * x];
      int b = weights[2 * x + 1];
      red[x] = a * s[at] + b * s[at + 3];
      green[x] = a * s[at + 1] + b * s[at + 4];
      blue[x] = a * s[at + 2] + b * s[at + 5];
    }
  }

  /// Four of the weights, after those before them.
  private void fours(int[] first, int[] weights, int from, int length) {
    int[] s = sums;
    int kept = from == 0 ? 0 : -1; // all bits of what the weights before have given, or none
    for (int x = 0; x < red.length; x++) {
      int at = 3 * (first[x] + from);
      int k = x * length + from;
      int a = weights[k];
      int b = weights[k + 1];
      int c = weights[k + 2];
      int d = weights[k + 3];
      red[x] = (red[x] & kept) + a * s[at] + b * s[at + 3] + c * s[at + 6] + d * s[at + 9];
      green[x] = (green[x] & kept) + a * s[at + 1] + b * s[at + 4] + c * s[at + 7] + d * s[at + 10];
      blue[x] = (blue[x] & kept) + a * s[at + 2] + b * s[at + 5] + c * s[at + 8] + d * s[at + 11];
    }
  }

  private void sixes(int[] first, int[] weights) {
    int[] s = sums;
    for (int x = 0; x < red.length; x++) {
      int at = 3 * first[x];
      int k = 6 * x;
      int a = weights[k];
      int b = weights[k + 1];
      int c = weights[k + 2];
      int d = weights[k + 3];
      int e = weights[k + 4];
      int f = weights[k + 5];
      red[x] =
          a * s[at]
              + b * s[at + 3]
              + c * s[at + 6]
              + d * s[at + 9]
              + e * s[at + 12]
              + f * s[at + 15];
      green[x] =
          a * s[at + 1]
              + b * s[at + 4]
              + c * s[at + 7]
              + d * s[at + 10]
              + e * s[at + 13]
              + f * s[at + 16];
      blue[x] =
          a * s[at + 2]
              + b * s[at + 5]
              + c * s[at + 8]
              + d * s[at + 11]
              + e * s[at + 14]
              + f * s[at + 17];
    }
  }
}
