package mmct.vision.decode;

/// Decodes JPEG files with libjpeg-turbo, reduced in the JPEG domain where less is enough.
///
/// What is not everyday, and every file about which the library has a complaint, is left to the
/// JDK's reader, so that both decoders read and refuse the same files with the same words.
final class TurboJpegDecoder implements JpegDecoder {
  private final TurboJpeg library;
  private final JpegDecoder others = new JdkJpegDecoder();

  TurboJpegDecoder(TurboJpeg library) {
    this.library = library;
  }

  @Override
  public Decoded decode(JpegHeader header, int eighths, String name) {
    if (!header.evident()) {
      return others.decode(header, eighths, name);
    }
    int scale = vectorised(eighths);
    int width = Math.ceilDiv(header.width() * scale, Decoded.WHOLE);
    int height = Math.ceilDiv(header.height() * scale, Decoded.WHOLE);
    byte[] rgb = new byte[Math.multiplyExact(3, width * height)];
    if (!library.decompress(header.bare(), rgb, width, height)) {
      return others.decode(header, eighths, name);
    }
    return header.upright(new Pixels(rgb, width, height), scale);
  }

  /// The library has vector instructions for 8, 4, 2 and 1 eighths; the scales between cost more
  /// than they save.
  private static int vectorised(int eighths) {
    return eighths > 4 ? 8 : Integer.highestOneBit(2 * eighths - 1);
  }
}
