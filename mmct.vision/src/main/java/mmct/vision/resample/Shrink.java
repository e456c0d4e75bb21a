package mmct.vision.resample;

import mmct.vision.decode.Pixels;

/// Reduces pictures to a length of their shorter side.
public final class Shrink {
  private Shrink() {}

  /// The picture with its shorter side reduced to `side` pixels by averaging areas; a picture that
  /// is that small already, and any picture where `side` is 0, stays as it is.
  public static Pixels toShorterSide(Pixels pixels, int side) {
    int shorter = pixels.shorterSide();
    if (side == 0 || shorter <= side) {
      return pixels;
    }
    int width = scaled(pixels.width(), side, shorter);
    int height = scaled(pixels.height(), side, shorter);
    return Resampler.toPixels(
        pixels,
        FilterWeights.area(pixels.width(), width),
        FilterWeights.area(pixels.height(), height));
  }

  private static int scaled(int length, int side, int shorter) {
    return Math.toIntExact(Math.round((double) length * side / shorter));
  }
}
