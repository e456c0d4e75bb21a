package mmct.vision.resample;

import mmct.vision.decode.Decoded;
import mmct.vision.decode.Picture;

/// Reduces pictures to a length of their shorter side.
public final class Shrink {
  private Shrink() {}

  /// The picture with its shorter side reduced to `side` pixels by averaging areas; a picture that
  /// is that small already, and any picture where `side` is 0, stays as it is.
  ///
  /// A JPEG file may be reduced in the JPEG domain first, as far as `side` pixels are left; that
  /// does not change the size.
  public static Picture toShorterSide(Picture picture, int side) {
    int shorter = picture.shorterSide();
    if (side == 0 || shorter <= side) {
      return picture;
    }
    Decoded decoded = picture.decode(Decoded.eighthsFor(shorter, side));
    return Picture.of(
        Resampler.toPixels(
            decoded.pixels(),
            area(decoded, picture.width(), decoded.pixels().width(), side, shorter),
            area(decoded, picture.height(), decoded.pixels().height(), side, shorter)));
  }

  private static FilterWeights area(Decoded decoded, int whole, int inputs, int side, int shorter) {
    return FilterWeights.area(decoded.at(whole), inputs, scaled(whole, side, shorter));
  }

  private static int scaled(int length, int side, int shorter) {
    return Math.toIntExact(Math.round((double) length * side / shorter));
  }
}
