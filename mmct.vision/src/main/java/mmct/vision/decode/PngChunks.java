package mmct.vision.decode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The chunks of a PNG file that hold notes.
final class PngChunks {
  private static final int START = 8;
  private static final int EXIF = 0x65584966; // eXIf
  private static final int TEXT = 0x69545874; // iTXt
  private static final String XMP = "XML:com.adobe.xmp\0\0"; // not compressed

  private PngChunks() {}

  /// The orientation in a file, by EXIF before XMP.
  static Optional<Orientation> orientation(byte[] content) {
    ByteBuffer file = ByteBuffer.wrap(content);
    Optional<Orientation> xmp = Optional.empty();
    int at = START;
    while (at + 8 <= content.length) {
      int from = at + 8;
      int length = file.getInt(at);
      if (length < 0 || length > content.length - from) {
        return xmp;
      }
      int kind = file.getInt(at + 4);
      if (kind == EXIF) {
        Optional<Orientation> exif = Exif.inBlock(content, from, from + length);
        if (exif.isPresent()) {
          return exif;
        }
      } else if (kind == TEXT && isXmp(content, from, length)) {
        xmp = Exif.inXmp(content, from, from + length);
      }
      at = Math.addExact(from, length) + 4; // a checksum
    }
    return xmp;
  }

  private static boolean isXmp(byte[] content, int from, int length) {
    return length > XMP.length()
        && new String(content, from, XMP.length(), StandardCharsets.ISO_8859_1).equals(XMP);
  }
}
