package mmct.vision.augment;

import java.util.random.RandomGenerator;
import mmct.vision.decode.Pixels;

/// A way to draw views from a picture. Implementations hold no mutable state.
@FunctionalInterface
public interface Augmentation {
  /// Draws a view.
  ///
  /// @param random the only source of randomness
  /// @return normalised values `[3, size, size]`
  float[] view(Pixels pixels, RandomGenerator random);
}
