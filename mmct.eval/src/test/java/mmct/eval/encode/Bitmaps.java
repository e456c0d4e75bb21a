package mmct.eval.encode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/// Pictures as BMP files of 24 bits, which need no library to be written.
final class Bitmaps {
  private Bitmaps() {}

  /// A picture of noise over a gradient.
  static byte[] noise(int width, int height, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return write(
        width, height, i -> 200 * (i % (3 * width)) / (3 * width) + random.nextInt(56), false);
  }

  /// A picture of given pixels.
  ///
  /// @param rgb red, green, blue of each pixel from the top left, row by row
  static byte[] of(int width, int height, int... rgb) {
    return write(width, height, i -> rgb[i - i % 3 + 2 - i % 3], true);
  }

  /// @param value by the index of a byte, blue, green and red of each pixel row by row
  private static byte[] write(int width, int height, IntUnaryOperator value, boolean fromTheTop) {
    int stride = (3 * width + 3) / 4 * 4;
    ByteBuffer file = ByteBuffer.allocate(54 + stride * height).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(54);
    file.putInt(40).putInt(width).putInt(fromTheTop ? -height : height);
    file.putShort((short) 1).putShort((short) 24);
    file.putInt(0).putInt(stride * height).putInt(2835).putInt(2835).putInt(0).putInt(0);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < 3 * width; x++) {
        file.put(54 + y * stride + x, (byte) value.applyAsInt(y * 3 * width + x));
      }
    }
    return file.array();
  }
}
