package mmct.vision.decode;

/// A picture whose size is known and whose pixels are made when they are asked for, so that what is
/// cut out of it can be decided first.
///
/// @param width columns of the whole upright picture
/// @param height rows of the whole upright picture
/// @param source makes the pixels
public record Picture(int width, int height, Source source) {
  /// Makes the pixels of a picture.
  @FunctionalInterface
  public interface Source {
    /// The pixels, of at least a scale.
    ///
    /// @param eighths the smallest scale of both sides that is wanted, from 1 to 8 eighths
    Decoded decode(int eighths);
  }

  /// A picture that is decoded already.
  public static Picture of(Pixels pixels) {
    return new Picture(pixels.width(), pixels.height(), eighths -> Decoded.whole(pixels));
  }

  /// The pixels, of at least a scale.
  ///
  /// @throws mmct.api.data.BrokenCellException where the file cannot be read
  public Decoded decode(int eighths) {
    return source.decode(eighths);
  }

  /// All pixels.
  public Pixels pixels() {
    return decode(Decoded.WHOLE).pixels();
  }

  /// The length of the shorter side in pixels.
  public int shorterSide() {
    return Math.min(width, height);
  }
}
