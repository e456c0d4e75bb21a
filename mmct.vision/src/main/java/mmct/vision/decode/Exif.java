package mmct.vision.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the orientation out of a picture's notes, wherever a format keeps them.
///
/// What cannot be read counts as not said: a picture is not broken because its notes are.
final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int XMP = 0x02bc;

  private static final int TIFF = 42;
  private static final int BIG_TIFF = 43;

  private static final Pattern XMP_ORIENTATION =
      Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

  private Exif() {}

  /// The orientation in a block of EXIF or in a file of TIFF or BigTIFF, which begin alike: a
  /// header and, anywhere, a directory. An unknown orientation counts as upright, a number of
  /// another type than EXIF prescribes as the number that it is.
  static Optional<Orientation> inBlock(byte[] content, int from, int to) {
    try {
      Directory directory = Directory.first(ByteBuffer.wrap(content, from, to - from).slice());
      return directory.number(ORIENTATION).map(Orientation::of).or(directory::inXmp);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// How long what some programs put before a block is: what stands before it in a JPEG file.
  static int prefix(byte[] content, int from, int to) {
    boolean prefixed = to - from > 6 && content[from] == 'E' && content[from + 1] == 'x';
    return prefixed ? 6 : 0;
  }

  /// A number in the first directory of a block.
  static Optional<Long> number(byte[] content, int tag) {
    try {
      return Directory.first(ByteBuffer.wrap(content)).number(tag);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The orientation in a packet of XMP, which Pillow's `exif_transpose` follows where EXIF says
  /// nothing.
  static Optional<Orientation> inXmp(byte[] content, int from, int to) {
    String text = new String(content, from, to - from, StandardCharsets.ISO_8859_1);
    Matcher matcher = XMP_ORIENTATION.matcher(text);
    return matcher.find()
        ? Optional.of(Orientation.of(matcher.group(1).charAt(0) - '0'))
        : Optional.empty();
  }

  /// The first directory of a block. Reading beyond the block is an index out of bounds.
  ///
  /// @param block from its header on, in its byte order
  /// @param big whether it is BigTIFF, whose offsets have eight bytes
  /// @param start of the first entry
  /// @param entries how many there are
  private record Directory(ByteBuffer block, boolean big, int start, long entries) {
    static Directory first(ByteBuffer block) {
      block.order(
          switch (block.getShort(0)) {
            case 0x4949 -> ByteOrder.LITTLE_ENDIAN;
            case 0x4d4d -> ByteOrder.BIG_ENDIAN;
            default -> throw new IllegalArgumentException("no byte order");
          });
      int version = block.getShort(2);
      if (version != TIFF && version != BIG_TIFF) {
        throw new IllegalArgumentException("no TIFF");
      }
      boolean big = version == BIG_TIFF;
      int at = index(big ? block.getLong(8) : Integer.toUnsignedLong(block.getInt(4)));
      return big
          ? new Directory(block, true, at + 8, block.getLong(at))
          : new Directory(block, false, at + 2, Short.toUnsignedInt(block.getShort(at)));
    }

    private static int index(long offset) {
      if (offset < 0 || offset > Integer.MAX_VALUE / 2) {
        throw new IndexOutOfBoundsException(offset);
      }
      return (int) offset;
    }

    /// The place of an entry; negative where there is none.
    private int find(int tag) {
      int size = big ? 20 : 12;
      for (int i = 0, at = start; i < entries; i++, at += size) {
        if (Short.toUnsignedInt(block.getShort(at)) == tag) {
          return at;
        }
      }
      return -1;
    }

    private long count(int entry) {
      return big ? block.getLong(entry + 4) : Integer.toUnsignedLong(block.getInt(entry + 4));
    }

    /// Where the value of an entry stands: in it, or elsewhere where it is too long for that.
    private int value(int entry, long bytes) {
      int field = entry + (big ? 12 : 8);
      if (bytes <= (big ? 8 : 4)) {
        return field;
      }
      return index(big ? block.getLong(field) : Integer.toUnsignedLong(block.getInt(field)));
    }

    /// A single whole number of any type that can hold one.
    Optional<Long> number(int tag) {
      int entry = find(tag);
      if (entry < 0 || count(entry) != 1) {
        return Optional.empty();
      }
      return Optional.ofNullable(
          switch (Short.toUnsignedInt(block.getShort(entry + 2))) {
            case 1, 6 -> (long) block.get(value(entry, 1)); // BYTE, SBYTE
            case 3, 8 -> (long) block.getShort(value(entry, 2)); // SHORT, SSHORT
            case 4, 9 -> (long) block.getInt(value(entry, 4)); // LONG, SLONG
            case 5, 10 -> quotient(value(entry, 8)); // RATIONAL, SRATIONAL
            case 11 -> (long) block.getFloat(value(entry, 4)); // FLOAT
            case 12 -> (long) block.getDouble(value(entry, 8)); // DOUBLE
            case 16, 17 -> block.getLong(value(entry, 8)); // LONG8, SLONG8
            default -> null;
          });
    }

    private long quotient(int at) {
      int divisor = block.getInt(at + 4);
      return divisor == 0 || block.getInt(at) % divisor != 0 ? 0 : block.getInt(at) / divisor;
    }

    Optional<Orientation> inXmp() {
      int entry = find(XMP);
      if (entry < 0) {
        return Optional.empty();
      }
      int length = index(count(entry));
      byte[] packet = new byte[Math.min(length, block.limit())];
      block.get(value(entry, length), packet);
      return Exif.inXmp(packet, 0, packet.length);
    }
  }
}
