package mmct.vision.decode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The chunks of a PNG file that hold notes.
final class PngChunks {
  private static final int START = 8;
  private static final int EXIF = 0x65584966; // eXIf
  private static final int INTERNATIONAL_TEXT = 0x69545874; // iTXt
  private static final int COMPRESSED_TEXT = 0x7a545874; // zTXt
  private static final int TEXT = 0x74455874; // tEXt

  private static final String XMP = "XML:com.adobe.xmp\0\0"; // not compressed

  /// Where ImageMagick put EXIF before PNG had a chunk for it: a name, a length and hexadecimal
  /// digits, in lines.
  private static final String RAW_EXIF = "Raw profile type exif\0";

  /// Of so many digits a block of EXIF, which has less than 64 kB, and its line ends have fewer.
  private static final int MOST_DIGITS = 1 << 18;

  private final byte[] content;
  private Optional<Orientation> raw = Optional.empty();
  private Optional<Orientation> xmp = Optional.empty();

  private PngChunks(byte[] content) {
    this.content = content;
  }

  /// The orientation in a file, by EXIF before XMP.
  static Optional<Orientation> orientation(byte[] content) {
    PngChunks chunks = new PngChunks(content);
    return chunks.exif().or(() -> chunks.raw).or(() -> chunks.xmp);
  }

  private Optional<Orientation> exif() {
    ByteBuffer file = ByteBuffer.wrap(content);
    for (int at = START; at + 8 <= content.length; ) {
      int from = at + 8;
      int length = file.getInt(at);
      if (length < 0 || length > content.length - from) {
        break;
      }
      int kind = file.getInt(at + 4);
      if (kind == EXIF) {
        return Exif.inBlock(content, from, from + length);
      }
      text(kind, from, length);
      at = Math.addExact(from, length) + 4; // a checksum
    }
    return Optional.empty();
  }

  private void text(int kind, int from, int length) {
    if (kind == INTERNATIONAL_TEXT && startsWith(XMP, from, length)) {
      xmp = Exif.inXmp(content, from, from + length);
    } else if (kind == TEXT && startsWith(RAW_EXIF, from, length)) {
      int digits = from + RAW_EXIF.length();
      raw = ofDigits(latin(content, digits, from + length - digits));
    } else if (kind == COMPRESSED_TEXT && startsWith(RAW_EXIF, from, length)) {
      int compressed =
          from + RAW_EXIF.length() + 1; // the way of compression, of which one is known
      raw = ofDigits(inflated(compressed, from + length - compressed));
    }
  }

  private boolean startsWith(String start, int from, int length) {
    return length > start.length() && latin(content, from, start.length()).equals(start);
  }

  private static String latin(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
  }

  private String inflated(int from, int length) {
    byte[] text = new byte[MOST_DIGITS];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(content, from, length);
      return latin(text, 0, inflater.inflate(text));
    } catch (DataFormatException e) {
      return "";
    } finally {
      inflater.end();
    }
  }

  private static Optional<Orientation> ofDigits(String text) {
    String digits = text.lines().skip(3).collect(Collectors.joining());
    try {
      byte[] block = HexFormat.of().parseHex(digits);
      return Exif.inBlock(block, Exif.prefix(block, 0, block.length), block.length);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
