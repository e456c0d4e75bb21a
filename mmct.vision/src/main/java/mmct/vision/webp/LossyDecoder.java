package mmct.vision.webp;

import java.io.EOFException;
import java.io.IOException;

/// Decodes the lossy bitstream of WebP, a key frame of VP8 (RFC 6386), to the same bytes as
/// libwebp.
///
/// Safe for concurrent use.
public final class LossyDecoder {
  private static final int HEADER = 10;
  private static final int MOST_SIDE = 0x3fff;

  private final Tables tables = Tables.load();

  /// The size that a bitstream declares.
  ///
  /// @param width columns
  /// @param height rows
  public record Size(int width, int height) {}

  /// Reads the size.
  ///
  /// @throws IOException where it is no such bitstream
  public static Size size(byte[] content) throws IOException {
    if (content.length < HEADER) {
      throw new EOFException("it ends within its header");
    }
    boolean key = (content[0] & 1) == 0;
    if (!key || number(content, 3, 3) != 0x2a019d) {
      throw new IOException("its lossy part is no key frame of VP8");
    }
    Size size = new Size(number(content, 6, 2) & MOST_SIDE, number(content, 8, 2) & MOST_SIDE);
    if (size.width() == 0 || size.height() == 0) {
      throw new IOException("it declares a size of 0 pixels");
    }
    return size;
  }

  /// Decodes a bitstream.
  ///
  /// @return red, green and blue as unsigned bytes, interleaved: `[height, width, 3]`
  /// @throws IOException where it ends early or breaks a rule of the format
  public byte[] decode(byte[] content) throws IOException {
    Size size = size(content);
    int modes = number(content, 0, 3) >> 5; // the length of the first partition
    if (modes > content.length - HEADER) {
      throw new EOFException("it ends within its first partition");
    }
    BoolReader in = new BoolReader(content, HEADER, HEADER + modes);
    FrameHeader header = FrameHeader.read(in, tables);
    BoolReader[] partitions = partitions(content, HEADER + modes, header.partitions());
    Frame frame =
        new Frame(header, tables, Math.ceilDiv(size.width(), 16), Math.ceilDiv(size.height(), 16));
    return frame.decode(in, partitions).toRgb(size.width(), size.height());
  }

  /// Their lengths, three bytes each, stand before them; the last has what is left.
  private static BoolReader[] partitions(byte[] content, int lengths, int count)
      throws IOException {
    BoolReader[] partitions = new BoolReader[count];
    int from = lengths + 3 * (count - 1);
    if (from > content.length) {
      throw new EOFException("it ends before its coefficients");
    }
    for (int i = 0; i < count; i++) {
      int to = i == count - 1 ? content.length : from + number(content, lengths + 3 * i, 3);
      partitions[i] = new BoolReader(content, from, to);
      from = to;
    }
    return partitions;
  }

  private static int number(byte[] content, int at, int bytes) {
    int number = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      number = number << 8 | (content[at + i] & 0xff);
    }
    return number;
  }
}
