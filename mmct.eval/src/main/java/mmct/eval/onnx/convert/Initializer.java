package mmct.eval.onnx.convert;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import mmct.eval.onnx.proto.Message;

/// A constant of the graph.
///
/// @param name its name in the file
/// @param type its element type in the file
/// @param shape its shape
/// @param content writes its elements, little-endian and row-major
/// @param weight whether it is a parameter of the block
public record Initializer(
    String name, DataType type, long[] shape, Message.Content content, boolean weight) {
  /// Elements that are handed out at a time: 16 MB of 32-bit floats.
  private static final long ELEMENTS_AT_A_TIME = 1L << 22;

  /// The number of bytes of its elements.
  public long bytes() {
    long size = type.getNumOfBytes();
    for (long axis : shape) {
      size = Math.multiplyExact(size, axis);
    }
    return size;
  }

  /// An array of any device, read when the file is written.
  ///
  /// @param type the element type in the file
  static Initializer of(String name, NDArray array, DataType type, boolean weight) {
    return new Initializer(
        name, type, array.getShape().getShape(), channel -> write(array, type, channel), weight);
  }

  private static void write(NDArray array, DataType type, WritableByteChannel channel)
      throws IOException {
    long count = array.size();
    try (NDArray flat = array.reshape(-1)) {
      for (long from = 0; from < count; from += ELEMENTS_AT_A_TIME) {
        long to = Math.min(count, from + ELEMENTS_AT_A_TIME);
        try (NDArray part = flat.get("{}:{}", from, to);
            NDArray typed = part.toType(type, true);
            NDArray host = typed.toDevice(Device.cpu(), false)) {
          writeFully(host.toByteBuffer(true), channel);
        }
      }
    }
  }

  private static void writeFully(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
