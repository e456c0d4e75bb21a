package mmct.vision.decode;

/// Decodes JPEG files whose headers have been read and found acceptable. Safe for concurrent use.
sealed interface JpegDecoder permits JdkJpegDecoder, TurboJpegDecoder {
  /// Decodes a picture and turns it upright.
  ///
  /// @param eighths the smallest scale of both sides that is wanted, from 1 to 8 eighths; the
  ///     result may be larger
  /// @param name stands for the file in messages
  Decoded decode(JpegHeader header, int eighths, String name);
}
