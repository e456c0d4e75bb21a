package mmct.vision.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import mmct.vision.AugmentOptions;
import mmct.vision.resample.Planes;

/// A change of colour.
sealed interface Adjustment {
  /// All values times a factor.
  record Brightness(float factor) implements Adjustment {}

  /// A mixture of the picture and its mean grey.
  record Contrast(float factor) implements Adjustment {}

  /// A mixture of each pixel and its grey.
  record Saturation(float factor) implements Adjustment {}

  /// A turn of the colour circle, in turns.
  record Hue(float turn) implements Adjustment {}

  /// Draws the changes of one view in the order in which they are applied: torchvision's
  /// `ColorJitter` in a `RandomApply`.
  static List<Adjustment> draw(AugmentOptions.Jitter options, RandomGenerator random) {
    if (!Draws.happens(options.probability(), random)) {
      return List.of();
    }
    List<Adjustment> drawn = new ArrayList<>(4);
    if (options.brightness() > 0) {
      drawn.add(new Brightness(factor(options.brightness(), random)));
    }
    if (options.contrast() > 0) {
      drawn.add(new Contrast(factor(options.contrast(), random)));
    }
    if (options.saturation() > 0) {
      drawn.add(new Saturation(factor(options.saturation(), random)));
    }
    if (options.hue() > 0) {
      drawn.add(new Hue((float) Draws.between(-options.hue(), options.hue(), random)));
    }
    for (int i = drawn.size() - 1; i > 0; i--) { // Fisher and Yates' shuffle
      java.util.Collections.swap(drawn, i, random.nextInt(i + 1));
    }
    return drawn;
  }

  private static float factor(double spread, RandomGenerator random) {
    return (float) Draws.between(Math.max(0, 1 - spread), 1 + spread, random);
  }

  /// Applies the change in place.
  ///
  /// @param beside memory of the same size, whose content is lost
  default void apply(Planes planes, Planes beside) {
    switch (this) {
      case Brightness(float factor) -> ColourOperations.brightness(planes, factor);
      case Contrast(float factor) -> ColourOperations.contrast(planes, factor);
      case Saturation(float factor) -> ColourOperations.saturation(planes, factor);
      case Hue(float turn) -> ColourOperations.hue(planes, turn, beside);
    }
  }
}
