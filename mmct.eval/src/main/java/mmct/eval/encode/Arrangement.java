package mmct.eval.encode;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mmct.api.data.HostTensor;

/// Collated arrays in the shapes that a model from elsewhere reads. What has that shape already is
/// handed on without a copy.
final class Arrangement {
  private Arrangement() {}

  /// `[n, c, h, w]` as `[n, h, w, c]`; arrays of other ranks stay as they are.
  static HostTensor channelsLast(HostTensor tensor) {
    if (tensor.shape().dimension() != 4) {
      return tensor;
    }
    int channels = Math.toIntExact(tensor.shape().get(1));
    int pixels = Math.toIntExact(tensor.shape().get(2) * tensor.shape().get(3));
    int element = tensor.type().getNumOfBytes();
    ByteBuffer from = bytes(tensor);
    ByteBuffer to = direct(from.remaining());
    for (int image = 0; image < from.limit(); image += channels * pixels * element) {
      for (int pixel = 0; pixel < pixels; pixel++) {
        for (int channel = 0; channel < channels; channel++) {
          int at = image + (channel * pixels + pixel) * element;
          to.put(from.slice(at, element));
        }
      }
    }
    Shape shape =
        new Shape(tensor.shape().get(0), tensor.shape().get(2), tensor.shape().get(3), channels);
    return new HostTensor(to.rewind(), tensor.type(), shape);
  }

  /// Ids `[n, l]` as `[n, length]`, filled up at the end of each row.
  ///
  /// @param length at least l
  static HostTensor ofLength(HostTensor ids, int length, long padding) {
    int rows = Math.toIntExact(ids.shape().get(0));
    int made = Math.toIntExact(ids.shape().get(1));
    if (made == length) {
      return ids;
    }
    ByteBuffer from = bytes(ids);
    ByteBuffer to = direct(Math.multiplyExact(rows * length, Long.BYTES));
    for (int row = 0; row < rows; row++) {
      to.put(from.slice(row * made * Long.BYTES, made * Long.BYTES));
      for (int i = made; i < length; i++) {
        to.putLong(padding);
      }
    }
    return new HostTensor(to.rewind(), DataType.INT64, new Shape(rows, length));
  }

  /// `[n, ...]` as `[rows, ...]`, filled up with copies of the last row.
  ///
  /// @param rows at least n
  static HostTensor ofRows(HostTensor tensor, int rows) {
    int made = Math.toIntExact(tensor.shape().get(0));
    if (made == rows) {
      return tensor;
    }
    ByteBuffer from = bytes(tensor);
    int row = from.limit() / made;
    ByteBuffer to = direct(Math.multiplyExact(row, rows)).put(from);
    while (to.hasRemaining()) {
      to.put(from.slice(from.limit() - row, row));
    }
    long[] shape = tensor.shape().getShape().clone();
    shape[0] = rows;
    return new HostTensor(to.rewind(), tensor.type(), new Shape(shape), tensor.scaling());
  }

  /// The bytes of a tensor in native order, from the first.
  static ByteBuffer bytes(HostTensor tensor) {
    return tensor.data().duplicate().rewind().order(ByteOrder.nativeOrder());
  }

  static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }
}
