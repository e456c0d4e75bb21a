package mmct.vision.decode;

/// What a frame that is smaller than its picture is put on.
///
/// @param rgb as in [Pixels]
record Canvas(byte[] rgb, int width, int height) {
  /// A canvas of one colour.
  ///
  /// @param colour red, green and blue in the last 24 bits
  static Canvas filled(int width, int height, int colour) {
    byte[] rgb = new byte[Math.multiplyExact(3, width * height)];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) (colour >> 16);
      rgb[i + 1] = (byte) (colour >> 8);
      rgb[i + 2] = (byte) colour;
    }
    return new Canvas(rgb, width, height);
  }

  /// Puts a frame on it, all of which must fit.
  Pixels with(Pixels frame, int left, int top) {
    for (int y = 0; y < frame.height(); y++) {
      System.arraycopy(
          frame.rgb(),
          3 * y * frame.width(),
          rgb,
          3 * ((top + y) * width + left),
          3 * frame.width());
    }
    return new Pixels(rgb, width, height);
  }
}
