package mmct.vision.resample;

import mmct.vision.decode.Decoded;
import mmct.vision.decode.Picture;
import mmct.vision.decode.Pixels;

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
    Pixels pixels = decoded.pixels();
    double width = decoded.length(picture.width());
    double height = decoded.length(picture.height());
    return Picture.of(
        Resampler.toPixels(
            pixels,
            FilterWeights.area(
                decoded.left(), width, pixels.width(), scaled(picture.width(), side, shorter)),
            FilterWeights.area(
                decoded.top(), height, pixels.height(), scaled(picture.height(), side, shorter))));
  }

  private static int scaled(int length, int side, int shorter) {
    return Math.toIntExact(Math.round((double) length * side / shorter));
  }
}
