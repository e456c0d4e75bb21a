package mmct.vision.resample;

import mmct.vision.decode.Pixels;

/// Separable resampling of pictures in whole numbers: exact to about 1/200 of a grey level and the
/// same on every machine.
///
/// For each output row the source rows are weighted and added first, which runs along memory; only
/// that one row is then resampled along its columns. Scratch space is one row.
public final class Resampler {
  private static final float UNIT = 1f / (1 << Row.BITS);

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
    Row row = new Row(source, columns, rows.longest());
    for (int y = 0; y < size; y++) {
      row.take(rows.taps(y));
      toFloats(row.red(), planes.red(), y * size);
      toFloats(row.green(), planes.green(), y * size);
      toFloats(row.blue(), planes.blue(), y * size);
    }
  }

  private static void toFloats(int[] values, float[] plane, int at) {
    for (int i = 0; i < values.length; i++) {
      plane[at + i] = values[i] * UNIT;
    }
  }

  /// Resamples a picture to a picture.
  public static Pixels toPixels(Pixels source, FilterWeights columns, FilterWeights rows) {
    int width = columns.outputs();
    byte[] rgb = new byte[3 * rows.outputs() * width];
    Row row = new Row(source, columns, rows.longest());
    for (int y = 0; y < rows.outputs(); y++) {
      row.take(rows.taps(y));
      for (int x = 0; x < width; x++) {
        int at = 3 * (y * width + x);
        rgb[at] = rounded(row.red()[x]);
        rgb[at + 1] = rounded(row.green()[x]);
        rgb[at + 2] = rounded(row.blue()[x]);
      }
    }
    return new Pixels(rgb, width, rows.outputs());
  }

  private static byte rounded(int value) {
    return (byte) ((value + (1 << (Row.BITS - 1))) >> Row.BITS);
  }
}
