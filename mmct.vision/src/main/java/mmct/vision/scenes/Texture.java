package mmct.vision.scenes;

import java.util.Locale;

/// What covers a shape.
enum Texture {
  /// One colour.
  PLAIN,
  /// Bars.
  STRIPED,
  /// A grid of spots.
  DOTTED;

  /// Whether a point belongs to the pattern rather than the ground; coordinates as in
  /// [Kind#distance].
  boolean covers(double x, double y) {
    return switch (this) {
      case PLAIN -> false;
      case STRIPED -> fraction((x + y) * 1.25) < 0.42;
      case DOTTED -> {
        double dx = fraction(x * 1.6 + 0.5) - 0.5;
        double dy = fraction(y * 1.6 + 0.5) - 0.5;
        yield dx * dx + dy * dy < 0.09;
      }
    };
  }

  private static double fraction(double value) {
    return value - Math.floor(value);
  }

  /// The word for the texture.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
