package mmct.vision.augment;

import java.util.random.RandomGenerator;
import mmct.vision.AugmentOptions;

/// Draws the part of a picture that a view shows, by torchvision's rule: area uniform, logarithm of
/// the ratio of the sides uniform, ten tries, then the largest centred part of an allowed ratio.
record RandomResizedCrop(double leastArea, double mostArea, double leastRatio, double mostRatio) {
  private static final int TRIES = 10;

  static RandomResizedCrop of(AugmentOptions.Crop options) {
    return new RandomResizedCrop(
        options.area().get(0),
        options.area().get(1),
        options.ratio().get(0),
        options.ratio().get(1));
  }

  Region draw(int width, int height, RandomGenerator random) {
    // StrictMath: a seed must give the same views on every machine.
    double leastLog = StrictMath.log(leastRatio);
    double mostLog = StrictMath.log(mostRatio);
    for (int i = 0; i < TRIES; i++) {
      double area = (double) width * height * Draws.between(leastArea, mostArea, random);
      double ratio = StrictMath.exp(Draws.between(leastLog, mostLog, random));
      long w = Math.round(Math.sqrt(area * ratio));
      long h = Math.round(Math.sqrt(area / ratio));
      if (w >= 1 && h >= 1 && w <= width && h <= height) {
        return new Region(
            random.nextInt((int) (width - w) + 1),
            random.nextInt((int) (height - h) + 1),
            (int) w,
            (int) h);
      }
    }
    return centre(width, height);
  }

  private Region centre(int width, int height) {
    double ratio = (double) width / height;
    int w = width;
    int h = height;
    if (ratio < leastRatio) {
      h = Math.clamp(Math.round(width / leastRatio), 1, height);
    } else if (ratio > mostRatio) {
      w = Math.clamp(Math.round(height * mostRatio), 1, width);
    }
    return new Region((width - w) / 2, (height - h) / 2, w, h);
  }
}
