package mmct.vision.resnet;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// Numbers that look random and are the same here and in `torchvision_golden.py`, so that no
/// weights need to be stored.
final class HashedWeights {
  private HashedWeights() {}

  /// A number between -0.5 and 0.5 for every element of a tensor.
  static float[] uniform(String name, long count, double size, double mean) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    int seed = (int) crc.getValue();
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      int hash = i * 0x9E3779B1 + seed;
      hash ^= hash >>> 15;
      hash *= 0x85EBCA77;
      hash ^= hash >>> 13;
      values[i] = (float) ((Integer.toUnsignedLong(hash) / 0x1p32 - 0.5) * size + mean);
    }
    return values;
  }

  /// The weights of a residual network: convolutions of He's variance, normalisations near one.
  static ByteBuffer tensor(String name, Shape shape) {
    float[] values;
    if (shape.dimension() == 4) {
      double size = Math.sqrt(24.0 / (double) (shape.get(0) * shape.get(2) * shape.get(3)));
      values = uniform(name, shape.size(), size, 0);
    } else {
      boolean scale = name.endsWith("weight") || name.endsWith("var");
      values = uniform(name, shape.size(), 0.5, scale ? 1 : 0);
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }
}
