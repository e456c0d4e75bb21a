package mmct.vision.decode;

import java.util.Arrays;

/// Conversions of interleaved unsigned bytes to red, green, blue.
final class ColourConversion {
  private static final int ONE_HALF = 1 << 15;

  // ITU-T T.871 (JFIF), in 16 bits of fraction.
  private static final int RED_OF_CR = 91881; // 1.402
  private static final int GREEN_OF_CB = 22554; // 0.344136
  private static final int GREEN_OF_CR = 46802; // 0.714136
  private static final int BLUE_OF_CB = 116130; // 1.772

  private ColourConversion() {}

  /// Repeats one component three times.
  static byte[] greyToRgb(byte[] grey, int pixels) {
    byte[] rgb = new byte[3 * pixels];
    for (int i = 0; i < pixels; i++) {
      rgb[3 * i] = grey[i];
      rgb[3 * i + 1] = grey[i];
      rgb[3 * i + 2] = grey[i];
    }
    return rgb;
  }

  /// Interpolates between the rows of two colour differences that have half as many rows as luma
  /// and have been repeated, in place: a row counts three quarters and its nearest neighbour one,
  /// as libjpeg-turbo does it.
  static void smoothRows(byte[] ycbcr, int width, int height) {
    int stride = 3 * width;
    byte[] above = Arrays.copyOfRange(ycbcr, 0, stride);
    byte[] row = new byte[stride];
    for (int y = 0; y < height; y += 2) {
      System.arraycopy(ycbcr, y * stride, row, 0, stride);
      for (int i = 0; i < stride; i++) {
        if (i % 3 != 0) {
          int three = 3 * (row[i] & 0xff);
          if (y + 1 < height) {
            int next = (y + 2 < height ? ycbcr[(y + 2) * stride + i] : row[i]) & 0xff;
            ycbcr[(y + 1) * stride + i] = (byte) ((three + next + 2) >> 2);
          }
          ycbcr[y * stride + i] = (byte) ((three + (above[i] & 0xff) + 1) >> 2);
        }
      }
      System.arraycopy(row, 0, above, 0, stride);
    }
  }

  /// Converts three components in place.
  static byte[] ycbcrToRgb(byte[] ycbcr) {
    for (int i = 0; i + 2 < ycbcr.length; i += 3) {
      toRgb(ycbcr, i, 0);
    }
    return ycbcr;
  }

  /// Converts the first three of four components in place; black stays.
  static byte[] ycckToCmyk(byte[] ycck) {
    for (int i = 0; i + 3 < ycck.length; i += 4) {
      toRgb(ycck, i, 0xff);
    }
    return ycck;
  }

  private static void toRgb(byte[] values, int at, int complement) {
    int luma = ((values[at] & 0xff) << 16) + ONE_HALF;
    int cb = (values[at + 1] & 0xff) - 128;
    int cr = (values[at + 2] & 0xff) - 128;
    values[at] = (byte) (clamp((luma + RED_OF_CR * cr) >> 16) ^ complement);
    values[at + 1] =
        (byte) (clamp((luma - GREEN_OF_CB * cb - GREEN_OF_CR * cr) >> 16) ^ complement);
    values[at + 2] = (byte) (clamp((luma + BLUE_OF_CB * cb) >> 16) ^ complement);
  }

  private static int clamp(int value) {
    return Math.max(0, Math.min(255, value));
  }

  /// Turns more-is-darker into more-is-lighter and back, in place.
  static byte[] invert(byte[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) ~values[i];
    }
    return values;
  }

  /// Multiplies each of three inverted inks with inverted black: light passes both.
  static byte[] cmykToRgb(byte[] inverted, int pixels) {
    byte[] rgb = new byte[3 * pixels];
    for (int i = 0; i < pixels; i++) {
      int black = inverted[4 * i + 3] & 0xff;
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = (byte) product(inverted[4 * i + c] & 0xff, black);
      }
    }
    return rgb;
  }

  /// A colour of an opacity laid over white.
  static int overWhite(int value, int alpha) {
    return product(value, alpha) + 255 - alpha;
  }

  /// The product of two shares in 255ths, rounded.
  static int product(int a, int b) {
    return (a * b + 127) / 255;
  }
}
