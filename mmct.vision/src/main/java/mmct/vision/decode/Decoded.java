package mmct.vision.decode;

/// The pixels of a picture, perhaps reduced in the JPEG domain.
///
/// A pixel `x` of the whole picture lies at `x · eighths / 8`; where a side is no multiple of what
/// one pixel covers, the last pixel reaches beyond the picture.
///
/// @param eighths the scale of both sides, from 1 to 8 eighths; 8 is the whole picture
public record Decoded(Pixels pixels, int eighths) {
  /// The number of eighths in a whole.
  public static final int WHOLE = 8;

  /// A picture that has not been reduced.
  public static Decoded whole(Pixels pixels) {
    return new Decoded(pixels, WHOLE);
  }

  /// Where a position of the whole picture lies, in pixels from the left or the top.
  public double at(double position) {
    return position * eighths / WHOLE;
  }

  /// The smallest scale at which a stretch still has some pixels; a whole where it never had them.
  ///
  /// @param length of the stretch in pixels of the whole picture
  /// @param pixels how many must be left of it
  public static int eighthsFor(int length, int pixels) {
    return Math.clamp(Math.ceilDiv((long) WHOLE * pixels, length), 1, WHOLE);
  }
}
