package mmct.vision.decode;

/// The pixels of a picture, perhaps reduced in the JPEG domain.
///
/// A position `x` of the whole picture lies at `left + x · eighths / 8`. Where a side is no
/// multiple of what one pixel covers, a pixel at its end reaches beyond the picture: the last one
/// of the picture as it is stored, which is the first one where turning it upright mirrors it. Then
/// the picture begins within the first pixel.
///
/// @param eighths the scale of both sides, from 1 to 8 eighths; 8 is the whole picture
/// @param left where the picture begins in its first column, in pixels; at least 0 and less than 1
/// @param top where the picture begins in its first row, in pixels; at least 0 and less than 1
public record Decoded(Pixels pixels, int eighths, double left, double top) {
  /// The number of eighths in a whole.
  public static final int WHOLE = 8;

  /// A picture that has not been reduced.
  public static Decoded whole(Pixels pixels) {
    return new Decoded(pixels, WHOLE, 0, 0);
  }

  /// Where a column of the whole picture lies, in pixels from the left.
  public double x(double column) {
    return left + length(column);
  }

  /// Where a row of the whole picture lies, in pixels from the top.
  public double y(double row) {
    return top + length(row);
  }

  /// How many pixels a stretch of the whole picture covers.
  public double length(double stretch) {
    return stretch * eighths / WHOLE;
  }

  /// The smallest scale at which a stretch still has some pixels; a whole where it never had them.
  ///
  /// @param length of the stretch in pixels of the whole picture
  /// @param pixels how many must be left of it
  public static int eighthsFor(int length, int pixels) {
    return Math.clamp(Math.ceilDiv((long) WHOLE * pixels, length), 1, WHOLE);
  }
}
