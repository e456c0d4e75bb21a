package mmct.vision.webp;

import java.io.EOFException;
import java.io.IOException;

/// Reads the bits of an arithmetic coder (RFC 6386, section 7).
final class BoolReader {
  /// A coder need not write the zeros at its end; more than these were never there.
  private static final int MOST_ZEROS = 4;

  private final byte[] content;
  private final int end;
  private int position;
  private int range = 255;
  private int value;
  private int bits = -8; // how many bits of the value lie beyond its first byte

  BoolReader(byte[] content, int from, int to) throws IOException {
    if (from > to || to > content.length) {
      throw new EOFException("it ends within a partition");
    }
    this.content = content;
    position = from;
    end = to;
    load();
  }

  private void load() throws IOException {
    value = value << 8 | (position < end ? content[position] & 0xff : 0);
    if (position++ > end + MOST_ZEROS) {
      throw new EOFException("it ends within its picture");
    }
    bits += 8;
  }

  /// The next bit, which is 0 with a probability in 256ths.
  int bit(int probability) throws IOException {
    if (bits < 0) {
      load();
    }
    int split = 1 + (((range - 1) * probability) >> 8);
    int bit = 0;
    if (value >> bits >= split) {
      value -= split << bits;
      range -= split;
      bit = 1;
    } else {
      range = split;
    }
    int shift = Integer.numberOfLeadingZeros(range) - 24;
    range <<= shift;
    bits -= shift;
    return bit;
  }

  boolean flag() throws IOException {
    return bit(128) == 1;
  }

  /// A number of some bits, the largest first.
  int number(int length) throws IOException {
    int number = 0;
    for (int i = 0; i < length; i++) {
      number = number << 1 | bit(128);
    }
    return number;
  }

  /// A number of some bits and its sign.
  int signed(int length) throws IOException {
    int number = number(length);
    return flag() ? -number : number;
  }

  /// A signed number where a bit says that there is one, 0 else.
  int optional(int length) throws IOException {
    return flag() ? signed(length) : 0;
  }
}
