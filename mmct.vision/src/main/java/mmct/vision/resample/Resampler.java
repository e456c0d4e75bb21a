package mmct.vision.resample;

import mmct.vision.decode.Pixels;

/// Separable resampling of pictures in whole numbers: exact to about 1/200 of a grey level and the
/// same on every machine.
///
/// For each output row the source rows are weighted and added first, which runs along memory; only
/// that one row is then resampled along its columns. Scratch space is one row.
public final class Resampler {
  /// Bits of fraction of a weighted row; a weight times such a value must stay below 2^31.
  private static final int ROW_BITS = 8;

  private static final float UNIT = 1f / (1 << (ROW_BITS + FilterWeights.BITS));

  private Resampler() {}

  /// Resamples a picture to a square.
  ///
  /// @param columns as many outputs as rows
  public static Planes toPlanes(Pixels source, FilterWeights columns, FilterWeights rows) {
    Planes planes = new Planes(rows.outputs());
    fill(planes, source, columns, rows);
    return planes;
  }

  /// Resamples a picture to a square.
  ///
  /// @param planes the square, of as many rows and columns as there are outputs
  public static void fill(Planes planes, Pixels source, FilterWeights columns, FilterWeights rows) {
    int size = planes.size();
    int[] row = new int[3 * (columns.high() - columns.low())];
    int[] result = new int[3 * size];
    for (int y = 0; y < size; y++) {
      addRows(source, rows.taps(y), columns.low(), row);
      addColumns(row, columns, result);
      for (int x = 0; x < size; x++) {
        planes.red()[y * size + x] = result[3 * x] * UNIT;
        planes.green()[y * size + x] = result[3 * x + 1] * UNIT;
        planes.blue()[y * size + x] = result[3 * x + 2] * UNIT;
      }
    }
  }

  /// Resamples a picture to a picture.
  public static Pixels toPixels(Pixels source, FilterWeights columns, FilterWeights rows) {
    byte[] rgb = new byte[3 * rows.outputs() * columns.outputs()];
    int[] row = new int[3 * (columns.high() - columns.low())];
    int[] result = new int[3 * columns.outputs()];
    int shift = ROW_BITS + FilterWeights.BITS;
    for (int y = 0; y < rows.outputs(); y++) {
      addRows(source, rows.taps(y), columns.low(), row);
      addColumns(row, columns, result);
      int at = y * result.length;
      for (int i = 0; i < result.length; i++) {
        rgb[at + i] = (byte) ((result[i] + (1 << (shift - 1))) >> shift);
      }
    }
    return new Pixels(rgb, columns.outputs(), rows.outputs());
  }

  /// Writes the weighted sum of some rows, with [#ROW_BITS] of fraction.
  private static void addRows(Pixels source, FilterWeights.Taps taps, int column, int[] row) {
    byte[] rgb = source.rgb();
    int stride = 3 * source.width();
    int at = taps.first() * stride + 3 * column;
    int[] weights = taps.weights();
    java.util.Arrays.fill(row, 1 << (FilterWeights.BITS - ROW_BITS - 1));
    int k = 0;
    for (; k + 1 < weights.length; k += 2, at += 2 * stride) {
      addTwo(rgb, at, at + stride, weights[k], weights[k + 1], row);
    }
    if (k < weights.length) {
      addTwo(rgb, at, at, weights[k], 0, row);
    }
    for (int i = 0; i < row.length; i++) {
      row[i] >>= FilterWeights.BITS - ROW_BITS;
    }
  }

  /// Two rows per pass halve the traffic of the sums.
  private static void addTwo(byte[] rgb, int at, int next, int weight, int nextWeight, int[] row) {
    for (int i = 0; i < row.length; i++) {
      row[i] += weight * (rgb[at + i] & 0xff) + nextWeight * (rgb[next + i] & 0xff);
    }
  }

  private static void addColumns(int[] row, FilterWeights columns, int[] result) {
    int low = columns.low();
    for (int x = 0; x < columns.outputs(); x++) {
      FilterWeights.Taps taps = columns.taps(x);
      int[] weights = taps.weights();
      int at = 3 * (taps.first() - low);
      int red = 0;
      int green = 0;
      int blue = 0;
      for (int weight : weights) {
        red += weight * row[at];
        green += weight * row[at + 1];
        blue += weight * row[at + 2];
        at += 3;
      }
      result[3 * x] = red;
      result[3 * x + 1] = green;
      result[3 * x + 2] = blue;
    }
  }
}
