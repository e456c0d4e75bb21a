package mmct.vision.webp;

import java.util.Arrays;

/// Samples of luma or of a colour difference, with what predictions take for the row above the
/// first, 127, and the column left of the first, 129.
///
/// @param samples unsigned bytes
/// @param stride from one row to the next
record Plane(byte[] samples, int stride) {
  private static final int AFTER = 4; // blocks of 4 x 4 look as far to the right

  static Plane of(int width, int height) {
    int stride = 1 + width + AFTER;
    byte[] samples = new byte[Math.multiplyExact(stride, height + 1)];
    for (int y = 0; y < height; y++) {
      samples[(y + 1) * stride] = (byte) 129;
    }
    Arrays.fill(samples, 0, stride, (byte) 127);
    return new Plane(samples, stride);
  }

  /// Where a sample stands.
  int at(int x, int y) {
    return (y + 1) * stride + x + 1;
  }

  int get(int index) {
    return samples[index] & 0xff;
  }

  void set(int index, int value) {
    samples[index] = (byte) value;
  }

  void setClamped(int index, int value) {
    samples[index] = (byte) (value < 0 ? 0 : Math.min(value, 255));
  }
}
