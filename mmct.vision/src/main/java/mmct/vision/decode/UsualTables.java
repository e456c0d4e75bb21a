package mmct.vision.decode;

import java.io.ByteArrayOutputStream;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/// The tables of Huffman's that ITU-T T.81 proposes in annex K, which films of JPEG pictures leave
/// out. A file's own, after them, replace them.
final class UsualTables {
  /// A segment that defines them; it is not to be changed.
  static final byte[] SEGMENT = segment();

  private UsualTables() {}

  private static byte[] segment() {
    ByteArrayOutputStream tables = new ByteArrayOutputStream();
    tables.writeBytes(new byte[] {(byte) 0xff, (byte) 0xc4, 0, 0});
    add(tables, 0x00, JPEGHuffmanTable.StdDCLuminance);
    add(tables, 0x01, JPEGHuffmanTable.StdDCChrominance);
    add(tables, 0x10, JPEGHuffmanTable.StdACLuminance);
    add(tables, 0x11, JPEGHuffmanTable.StdACChrominance);
    byte[] segment = tables.toByteArray();
    segment[2] = (byte) ((segment.length - 2) >> 8);
    segment[3] = (byte) (segment.length - 2);
    return segment;
  }

  private static void add(ByteArrayOutputStream tables, int place, JPEGHuffmanTable table) {
    tables.write(place);
    short[] lengths = table.getLengths();
    for (int i = 0; i < 16; i++) {
      tables.write(i < lengths.length ? lengths[i] : 0);
    }
    for (short value : table.getValues()) {
      tables.write(value);
    }
  }
}
