package mmct.api.data;

import ai.djl.ndarray.types.DataType;
import java.nio.FloatBuffer;
import java.util.Arrays;

/// A small dense array on the Java heap: what worker threads make, before any engine is involved.
/// Shapes are row-major; a scalar per row has shape `[]`.
public sealed interface HostArray {
  /// The shape without the batch axis.
  int[] shape();

  /// The element type in the engine.
  DataType type();

  /// 32-bit floats.
  record Floats(float[] values, int... shape) implements HostArray {
    /// Checks that the shape holds the values.
    public Floats {
      requireSize(values.length, shape);
    }

    @Override
    public DataType type() {
      return DataType.FLOAT32;
    }
  }

  /// 64-bit integers, the engine's type for indices.
  record Longs(long[] values, int... shape) implements HostArray {
    /// Checks that the shape holds the values.
    public Longs {
      requireSize(values.length, shape);
    }

    @Override
    public DataType type() {
      return DataType.INT64;
    }
  }

  /// Unsigned bytes of some channels, one channel after the other, that become floats only where
  /// they are put into a batch: a value becomes `value · factor[c] + offset[c]`. Until then they
  /// take a quarter of the memory.
  ///
  /// @param factor by channel
  /// @param offset by channel
  /// @param shape `[channels, ...]`
  record Bytes(byte[] values, float[] factor, float[] offset, int... shape) implements HostArray {
    private static final int CHUNK = 1024;

    /// Checks that the shape holds the values, and that every channel has its numbers.
    public Bytes {
      requireSize(values.length, shape);
      if (shape.length == 0 || factor.length != shape[0] || offset.length != shape[0]) {
        throw new IllegalArgumentException(
            "%d factors and %d offsets are not one per channel of %s"
                .formatted(factor.length, offset.length, Arrays.toString(shape)));
      }
    }

    @Override
    public DataType type() {
      return DataType.FLOAT32;
    }

    /// The floats, in the order of the bytes.
    public float[] toFloats() {
      float[] floats = new float[values.length];
      write(FloatBuffer.wrap(floats));
      return floats;
    }

    /// Writes the floats at the buffer's position, and moves it.
    void write(FloatBuffer target) {
      float[] chunk = new float[CHUNK];
      int perChannel = values.length / Math.max(1, factor.length);
      for (int c = 0; c < factor.length; c++) {
        int end = (c + 1) * perChannel;
        for (int from = end - perChannel; from < end; from += CHUNK) {
          int length = Math.min(CHUNK, end - from);
          scale(values, from, factor[c], offset[c], chunk, length);
          target.put(chunk, 0, length);
        }
      }
    }

    private static void scale(
        byte[] values, int from, float factor, float offset, float[] target, int length) {
      for (int i = 0; i < length; i++) {
        target[i] = (values[from + i] & 0xff) * factor + offset;
      }
    }
  }

  private static void requireSize(int length, int[] shape) {
    int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (size != length) {
      throw new IllegalArgumentException(
          "shape %s holds %d values but %d were given"
              .formatted(Arrays.toString(shape), size, length));
    }
  }
}
