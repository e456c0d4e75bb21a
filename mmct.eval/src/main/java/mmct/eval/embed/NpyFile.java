package mmct.eval.embed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Features as NumPy's `.npy`, version 1.0: float32, little endian, `[items, width]`. The header
/// holds the number of rows, so it comes last; room is left for it.
///
/// @param file the file that grows
/// @param width the width of a row
record NpyFile(GrowingFile file, int width) implements RowFile {
  /// The data begin at a multiple of 64 bytes.
  private static final int HEADER = 128;

  private static final int BEFORE_TEXT = 10;

  @Override
  public void start() {
    file.append(ByteBuffer.allocate(HEADER));
  }

  @Override
  public void append(Rows rows) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(rows.values().length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(rows.values());
    file.append(bytes);
  }

  @Override
  public void complete(long rows) {
    file.begin(header(rows));
  }

  private ByteBuffer header(long rows) {
    String text =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }".formatted(rows, width);
    int length = HEADER - BEFORE_TEXT;
    String padded = text + " ".repeat(length - text.length() - 1) + "\n";
    return ByteBuffer.allocate(HEADER)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) length)
        .put(padded.getBytes(StandardCharsets.US_ASCII))
        .flip();
  }
}
