package mmct.vision.augment;

import java.util.random.RandomGenerator;
import mmct.vision.EvaluationOptions;
import mmct.vision.ImageOptions;
import mmct.vision.decode.Pixels;
import mmct.vision.resample.FilterWeights;
import mmct.vision.resample.Planes;
import mmct.vision.resample.Resampler;

/// The view for evaluation, the same every time: torchvision's `Resize` and `CenterCrop` in one
/// step, or the whole picture stretched.
public final class PlainAugmentation implements Augmentation {
  private final int size;
  private final int shorterSide;
  private final EvaluationOptions.Fit fit;
  private final Normalisation normalisation;

  /// Views by the settings of a modality.
  public PlainAugmentation(ImageOptions options) {
    size = options.size();
    shorterSide = options.evaluationShorterSide();
    fit = options.evaluation().fit();
    normalisation = Normalisation.of(options.mean(), options.std());
  }

  @Override
  public float[] view(Pixels pixels, RandomGenerator random) {
    return view(pixels);
  }

  /// The view, without randomness.
  public float[] view(Pixels pixels) {
    int shorter = pixels.shorterSide();
    Planes planes =
        Resampler.toPlanes(
            pixels, filter(pixels.width(), shorter), filter(pixels.height(), shorter));
    normalisation.apply(planes);
    return planes.toArray();
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
