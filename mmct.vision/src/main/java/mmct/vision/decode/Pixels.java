package mmct.vision.decode;

/// A decoded picture.
///
/// @param rgb red, green and blue as unsigned bytes, interleaved, row-major: `[height, width, 3]`
/// @param width columns, at least 1
/// @param height rows, at least 1
public record Pixels(byte[] rgb, int width, int height) {
  /// Checks that the sides hold the bytes.
  public Pixels {
    if (width < 1 || height < 1 || rgb.length != Math.multiplyExact(3L, (long) width * height)) {
      throw new IllegalArgumentException(
          "%d bytes are no picture of %d × %d".formatted(rgb.length, width, height));
    }
  }

  /// A picture of unsigned bytes of grey, row-major: `[height, width]`.
  public static Pixels ofGrey(byte[] grey, int width, int height) {
    return new Pixels(ColourConversion.greyToRgb(grey, grey.length), width, height);
  }

  /// The length of the shorter side in pixels.
  public int shorterSide() {
    return Math.min(width, height);
  }
}
