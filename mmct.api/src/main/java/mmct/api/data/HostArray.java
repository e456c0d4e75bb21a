package mmct.api.data;

import ai.djl.ndarray.types.DataType;
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

  private static void requireSize(int length, int[] shape) {
    int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (size != length) {
      throw new IllegalArgumentException(
          "shape %s holds %d values but %d were given"
              .formatted(Arrays.toString(shape), size, length));
    }
  }
}
