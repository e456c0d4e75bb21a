package mmct.vision.augment;

import java.util.random.RandomGenerator;
import mmct.api.data.View;
import mmct.vision.EvaluationOptions;
import mmct.vision.ImageOptions;
import mmct.vision.decode.Decoded;
import mmct.vision.decode.Pixels;
import mmct.vision.resample.FilterWeights;
import mmct.vision.resample.Resampler;

/// The view for evaluation, the same every time: torchvision's `Resize` and `CenterCrop` in one
/// step, or the whole picture stretched.
public final class PlainAugmentation implements Augmentation {
  private final int size;
  private final int shorterSide;
  private final EvaluationOptions.Fit fit;
  private final Normalisation normalisation;
  private final Workspaces workspaces;

  /// Views by the settings of a modality.
  public PlainAugmentation(ImageOptions options) {
    size = options.size();
    shorterSide = options.evaluationShorterSide();
    fit = options.evaluation().fit();
    normalisation = Normalisation.of(options.mean(), options.std());
    workspaces = new Workspaces(size);
  }

  /// Always of the whole picture, so that another program can make the same view.
  @Override
  public Plan plan(int width, int height, RandomGenerator random) {
    return new Plan() {
      @Override
      public int eighths() {
        return Decoded.WHOLE;
      }

      @Override
      public View view(Decoded picture) {
        return PlainAugmentation.this.view(picture.pixels());
      }
    };
  }

  /// The view, without randomness.
  public View view(Pixels pixels) {
    int shorter = pixels.shorterSide();
    return workspaces.use(
        workspace -> {
          Resampler.fill(
              workspace.view(),
              pixels,
              filter(pixels.width(), shorter),
              filter(pixels.height(), shorter));
          return normalisation.view(workspace.view());
        });
  }

  private FilterWeights filter(int length, int shorter) {
    return switch (fit) {
      case STRETCH -> FilterWeights.triangle(0, length, size, 0, length);
      case CENTRE_CROP -> {
        // The resized picture has whole pixels, and so has the offset of the crop in it.
        int resized = (int) ((long) shorterSide * length / shorter);
        double scale = (double) length / resized;
        double offset = Math.rint((resized - size) / 2.0);
        yield FilterWeights.triangle(offset * scale, size * scale, size, 0, length);
      }
    };
  }
}
