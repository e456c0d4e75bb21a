package mmct.eval.onnx.proto;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A message of Protocol Buffers that is being put together: fields one after the other, each a
/// key and a value (https://protobuf.dev/programming-guides/encoding/). Large contents are written
/// when the message is, so that it never is in memory as a whole.
public final class Message {
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED_32 = 5;

  private final List<Content> parts = new ArrayList<>();
  private ByteArrayOutputStream open = new ByteArrayOutputStream();
  private long size;

  /// Writes some bytes of known number.
  @FunctionalInterface
  public interface Content {
    /// Writes all bytes.
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /// The number of bytes.
  public long size() {
    return size;
  }

  /// Adds a whole number.
  public Message integer(int field, long value) {
    key(field, VARINT);
    varint(value);
    return this;
  }

  /// Adds a 32-bit float.
  public Message number(int field, float value) {
    key(field, FIXED_32);
    raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    return this;
  }

  /// Adds a text.
  public Message text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /// Adds bytes.
  public Message bytes(int field, byte[] value) {
    key(field, LENGTH_DELIMITED);
    varint(value.length);
    raw(value);
    return this;
  }

  /// Adds a message, which must not change any more.
  public Message message(int field, Message value) {
    return content(field, value.size, value::writeTo);
  }

  /// Adds bytes that are made while the message is written.
  ///
  /// @param length their number
  public Message content(int field, long length, Content content) {
    key(field, LENGTH_DELIMITED);
    varint(length);
    byte[] before = open.toByteArray();
    open = new ByteArrayOutputStream();
    parts.add(channel -> writeFully(channel, before));
    parts.add(content);
    size += length;
    return this;
  }

  /// Writes the message.
  public void writeTo(WritableByteChannel channel) throws IOException {
    for (Content part : parts) {
      part.writeTo(channel);
    }
    writeFully(channel, open.toByteArray());
  }

  private static void writeFully(WritableByteChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private void key(int field, int wireType) {
    varint(((long) field << 3) | wireType);
  }

  /// Seven bits a byte, the lowest first, with the upper bit set on all but the last.
  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      raw(new byte[] {(byte) ((rest & 0x7F) | 0x80)});
      rest >>>= 7;
    }
    raw(new byte[] {(byte) rest});
  }

  private void raw(byte[] bytes) {
    open.writeBytes(bytes);
    size += bytes.length;
  }
}
