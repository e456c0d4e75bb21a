package mmct.vision.augment;

import java.util.List;
import java.util.random.RandomGenerator;
import mmct.api.data.View;
import mmct.vision.AugmentOptions;
import mmct.vision.ImageOptions;
import mmct.vision.decode.Decoded;
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
  private final Workspaces workspaces;

  /// Views by the settings of a modality.
  public MocoAugmentation(ImageOptions options) {
    size = options.size();
    this.options = options.augment();
    crop = RandomResizedCrop.of(options.augment().crop());
    normalisation = Normalisation.of(options.mean(), options.std());
    workspaces = new Workspaces(size);
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
  public Plan plan(int width, int height, RandomGenerator random) {
    Draw draw = draw(width, height, random);
    return new Plan() {
      @Override
      public int eighths() {
        Region region = draw.region();
        return Decoded.eighthsFor(Math.min(region.width(), region.height()), size);
      }

      @Override
      public View view(Decoded picture) {
        return MocoAugmentation.this.view(picture, draw);
      }
    };
  }

  View view(Decoded picture, Draw draw) {
    return workspaces.use(
        workspace -> {
          resize(picture, draw, workspace.view());
          new Colouring(draw.adjustments(), draw.grey()).apply(workspace);
          if (draw.sigma() > 0) {
            new GaussianBlur(draw.sigma()).apply(workspace);
          }
          return normalisation.view(workspace.view());
        });
  }

  private void resize(Decoded picture, Draw draw, Planes planes) {
    Region region = draw.region();
    Pixels pixels = picture.pixels();
    FilterWeights columns =
        filter(picture.x(region.x()), picture.length(region.width()), pixels.width());
    FilterWeights rows =
        filter(picture.y(region.y()), picture.length(region.height()), pixels.height());
    // What follows treats left and right alike, so that mirroring may come first.
    Resampler.fill(planes, pixels, draw.mirrored() ? columns.mirrored() : columns, rows);
  }

  /// A view sees nothing beyond its crop.
  private FilterWeights filter(double from, double length, int most) {
    int low = (int) Math.floor(from);
    int high = Math.min(most, (int) Math.ceil(from + length));
    return FilterWeights.triangle(from, length, size, low, high);
  }
}
