package mmct.vision.detectron2;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Writes Python's pickle format, as much of it as a dictionary of NumPy arrays needs.
///
/// It is protocol 3, the first that holds bytes as they are; protocol 2 would write every byte of
/// an array from 128 on as two. An array is what NumPy itself writes: an empty one is made by
/// `numpy.core.multiarray._reconstruct` and given version, shape, type, order and bytes. Opcodes as
/// in Python's `pickletools`.
final class PickleWriter {
  private static final int PROTOCOL = 0x80;
  private static final int STOP = '.';
  private static final int EMPTY_DICT = '}';
  private static final int MARK = '(';
  private static final int SET_ITEMS = 'u';
  private static final int TUPLE = 't';
  private static final int REDUCE = 'R';
  private static final int BUILD = 'b';
  private static final int GLOBAL = 'c';
  private static final int NONE = 'N';
  private static final int NEW_TRUE = 0x88;
  private static final int NEW_FALSE = 0x89;
  private static final int TEXT = 'X';
  private static final int BYTES = 'B';
  private static final int INTEGER = 'J';

  private final OutputStream out;

  PickleWriter(OutputStream out) {
    this.out = out;
  }

  /// An array of 32-bit floats.
  ///
  /// @param values little-endian and row-major
  record FloatArray(long[] shape, ByteBuffer values) {}

  /// Writes one object and ends the pickle.
  ///
  /// @param root maps with text as keys, texts, booleans and [FloatArray]s
  void write(Map<String, ?> root) throws IOException {
    out.write(PROTOCOL);
    out.write(3);
    map(root);
    out.write(STOP);
  }

  private void map(Map<?, ?> map) throws IOException {
    out.write(EMPTY_DICT);
    out.write(MARK);
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      object(entry.getKey());
      object(entry.getValue());
    }
    out.write(SET_ITEMS);
  }

  private void object(Object value) throws IOException {
    switch (value) {
      case Map<?, ?> map -> map(map);
      case String text -> text(text);
      case Boolean truth -> out.write(truth ? NEW_TRUE : NEW_FALSE);
      case FloatArray array -> array(array);
      default -> throw new IllegalArgumentException("no pickle of " + value.getClass());
    }
  }

  private void text(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(TEXT);
    number(bytes.length);
    out.write(bytes);
  }

  private void array(FloatArray array) throws IOException {
    global("numpy.core.multiarray", "_reconstruct");
    out.write(MARK);
    global("numpy", "ndarray");
    shape(0);
    bytes(ByteBuffer.wrap(new byte[] {'b'}));
    out.write(TUPLE);
    out.write(REDUCE);
    out.write(MARK);
    integer(1);
    shape(array.shape());
    type();
    out.write(NEW_FALSE);
    bytes(array.values().duplicate());
    out.write(TUPLE);
    out.write(BUILD);
  }

  /// `dtype('<f4')`.
  private void type() throws IOException {
    global("numpy", "dtype");
    out.write(MARK);
    text("f4");
    out.write(NEW_FALSE);
    out.write(NEW_TRUE);
    out.write(TUPLE);
    out.write(REDUCE);
    out.write(MARK);
    integer(3);
    text("<");
    out.write(new byte[] {NONE, NONE, NONE});
    integer(-1);
    integer(-1);
    integer(0);
    out.write(TUPLE);
    out.write(BUILD);
  }

  private void shape(long... axes) throws IOException {
    out.write(MARK);
    for (long axis : axes) {
      integer(Math.toIntExact(axis));
    }
    out.write(TUPLE);
  }

  private void global(String module, String name) throws IOException {
    out.write(GLOBAL);
    out.write((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void integer(int value) throws IOException {
    out.write(INTEGER);
    number(value);
  }

  private void bytes(ByteBuffer values) throws IOException {
    out.write(BYTES);
    number(values.remaining());
    byte[] part = new byte[Math.min(1 << 16, values.remaining())];
    while (values.hasRemaining()) {
      int count = Math.min(part.length, values.remaining());
      values.get(part, 0, count);
      out.write(part, 0, count);
    }
  }

  private void number(int value) throws IOException {
    out.write(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }
}
