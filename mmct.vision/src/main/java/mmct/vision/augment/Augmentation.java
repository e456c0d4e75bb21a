package mmct.vision.augment;

import java.util.random.RandomGenerator;
import mmct.api.data.View;
import mmct.vision.decode.Decoded;

/// A way to draw views from a picture. Safe for concurrent use.
@FunctionalInterface
public interface Augmentation {
  /// Decides everything about a view before any pixel is there.
  ///
  /// @param width columns of the whole picture
  /// @param height rows of the whole picture
  /// @param random the only source of randomness
  Plan plan(int width, int height, RandomGenerator random);

  /// A view that has been decided on.
  interface Plan {
    /// The smallest scale of the picture, in eighths, from which the view can be made.
    int eighths();

    /// Makes the view: normalised values `[3, size, size]`.
    ///
    /// @param picture of at least the scale that the view needs
    View view(Decoded picture);
  }
}
