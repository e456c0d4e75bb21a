package mmct.api.csv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The strings of a table, packed: UTF-8 in large blocks, a length before each string, and 8 bytes
/// per row to find it. Millions of rows cost little more than their text.
final class CompactRows {
  /// Small enough to be an ordinary object to the garbage collector: larger arrays are rounded up
  /// to whole regions, which doubled the memory.
  private static final int BLOCK = 1 << 18;

  private final List<byte[]> blocks = new ArrayList<>();
  private int used = BLOCK;
  private long[] starts = new long[1024];
  private int rows;

  /// The number of rows.
  int size() {
    return rows;
  }

  /// Adds a row of as many strings as every other; an absent string is the empty one.
  void add(List<String> values) {
    byte[][] encoded = new byte[values.size()][];
    int needed = 0;
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = values.get(i).getBytes(StandardCharsets.UTF_8);
      needed = Math.addExact(needed, encoded[i].length + 5);
    }
    if (blocks.isEmpty() || blocks.getLast().length - used < needed) {
      blocks.add(new byte[Math.max(BLOCK, needed)]);
      used = 0;
    }
    if (rows == starts.length) {
      starts = Arrays.copyOf(starts, Math.addExact(rows, rows / 2));
    }
    starts[rows++] = ((long) blocks.size() - 1) << 32 | used;
    for (byte[] value : encoded) {
      append(value);
    }
  }

  private void append(byte[] value) {
    byte[] block = blocks.getLast();
    int length = value.length;
    while (length >= 0x80) {
      block[used++] = (byte) (length | 0x80);
      length >>>= 7;
    }
    block[used++] = (byte) length;
    System.arraycopy(value, 0, block, used, value.length);
    used += value.length;
  }

  /// One string of a row.
  String get(int row, int column) {
    byte[] block = blocks.get((int) (starts[row] >>> 32));
    int at = (int) starts[row];
    for (int i = 0; ; i++) {
      int length = 0;
      int shift = 0;
      while (block[at] < 0) {
        length |= (block[at++] & 0x7f) << shift;
        shift += 7;
      }
      length |= block[at++] << shift;
      if (i == column) {
        return new String(block, at, length, StandardCharsets.UTF_8);
      }
      at += length;
    }
  }
}
