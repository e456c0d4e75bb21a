package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/// What a block or its file gave: row-major floats and their shape.
///
/// @param values the elements
/// @param shape the length of each axis
record Output(float[] values, long[] shape) {
  /// The content of a float32 array.
  static Output of(NDArray array) {
    return new Output(array.toFloatArray(), array.getShape().getShape());
  }

  /// Whether another output has this one's shape.
  ///
  /// @param single whether axes that are one place long do not count
  boolean hasShapeOf(Output other, boolean single) {
    return single
        ? Arrays.equals(withoutSingles(shape), withoutSingles(other.shape))
        : Arrays.equals(shape, other.shape);
  }

  private static long[] withoutSingles(long[] shape) {
    return Arrays.stream(shape).filter(axis -> axis != 1).toArray();
  }

  String shapeText() {
    return new Shape(shape).toString();
  }

  /// How many elements are finite numbers.
  long finite() {
    long count = 0;
    for (float value : values) {
      count += Float.isFinite(value) ? 1 : 0;
    }
    return count;
  }
}
