package mmct.vision.augment;

import java.util.List;
import java.util.random.RandomGenerator;
import mmct.vision.AugmentOptions;
import mmct.vision.ImageOptions;
import mmct.vision.decode.Pixels;
import mmct.vision.resample.FilterWeights;
import mmct.vision.resample.Planes;
import mmct.vision.resample.Resampler;

/// MoCo-v2's views: a random crop, colour jitter, grey, blur and mirroring.
public final class MocoAugmentation implements Augmentation {
  private final int size;
  private final AugmentOptions options;
  private final RandomResizedCrop crop;
  private final Normalisation normalisation;

  /// Views by the settings of a modality.
  public MocoAugmentation(ImageOptions options) {
    size = options.size();
    this.options = options.augment();
    crop = RandomResizedCrop.of(options.augment().crop());
    normalisation = Normalisation.of(options.mean(), options.std());
  }

  /// Everything random about a view, drawn before any pixel is touched.
  ///
  /// @param region what the view shows
  /// @param adjustments changes of colour in the order in which they are applied
  /// @param grey whether it becomes grey
  /// @param sigma deviation of the blur in pixels; 0 is no blur
  /// @param mirrored whether left and right are swapped
  record Draw(
      Region region, List<Adjustment> adjustments, boolean grey, double sigma, boolean mirrored) {}

  Draw draw(int width, int height, RandomGenerator random) {
    return new Draw(
        crop.draw(width, height, random),
        Adjustment.draw(options.jitter(), random),
        Draws.happens(options.greyProbability(), random),
        Draws.happens(options.blur().probability(), random)
            ? Draws.between(options.blur().sigma().get(0), options.blur().sigma().get(1), random)
            : 0,
        Draws.happens(options.flipProbability(), random));
  }

  @Override
  public float[] view(Pixels pixels, RandomGenerator random) {
    return view(pixels, draw(pixels.width(), pixels.height(), random));
  }

  float[] view(Pixels pixels, Draw draw) {
    Region region = draw.region();
    FilterWeights columns = filter(region.x(), region.width());
    Planes planes =
        Resampler.toPlanes(
            pixels,
            // What follows treats left and right alike, so that mirroring may come first.
            draw.mirrored() ? columns.mirrored() : columns,
            filter(region.y(), region.height()));
    draw.adjustments().forEach(adjustment -> adjustment.apply(planes));
    if (draw.grey()) {
      ColourOperations.greyscale(planes);
    }
    if (draw.sigma() > 0) {
      new GaussianBlur(draw.sigma()).apply(planes);
    }
    normalisation.apply(planes);
    return planes.toArray();
  }

  /// A view sees nothing beyond its crop.
  private FilterWeights filter(int from, int length) {
    return FilterWeights.triangle(from, length, size, from, from + length);
  }
}
