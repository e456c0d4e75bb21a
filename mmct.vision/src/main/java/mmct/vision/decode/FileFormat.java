package mmct.vision.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The formats of picture files that are told by how they begin, whatever their names.
enum FileFormat {
  /// JPEG.
  JPEG,
  /// PNG.
  PNG,
  /// GIF.
  GIF,
  /// BMP.
  BMP,
  /// TIFF and BigTIFF.
  TIFF,
  /// WebP.
  WEBP,
  /// Whatever plug-ins on the module path add to ImageIO, and WBMP, which has no mark.
  OTHER;

  /// The format of some content.
  static FileFormat of(byte[] content) {
    String start =
        new String(content, 0, Math.min(12, content.length), StandardCharsets.ISO_8859_1);
    if (start.startsWith("\u00ff\u00d8\u00ff")) {
      return JPEG;
    } else if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
      return PNG;
    } else if (start.startsWith("GIF8")) {
      return GIF;
    } else if (start.startsWith("BM")) {
      return BMP;
    } else if (Arrays.asList("II*\0", "MM\0*", "II+\0", "MM\0+")
        .contains(start.substring(0, Math.min(4, start.length())))) {
      return TIFF;
    } else if (start.startsWith("RIFF") && start.endsWith("WEBP")) {
      return WEBP;
    }
    return OTHER;
  }
}
