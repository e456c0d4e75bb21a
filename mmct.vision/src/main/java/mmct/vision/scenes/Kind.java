package mmct.vision.scenes;

/// Kinds of shapes, each a field of distances: negative inside, zero on the outline, in units of
/// the shape's radius; y points down.
enum Kind {
  /// A filled circle.
  CIRCLE("circle", "circles", "disc", "discs") {
    @Override
    double distance(double x, double y) {
      return length(x, y) - 0.95;
    }
  },
  /// A filled square.
  SQUARE("square", "squares", "box", "boxes") {
    @Override
    double distance(double x, double y) {
      return Math.max(Math.abs(x), Math.abs(y)) - 0.8;
    }
  },
  /// A filled triangle with a tip at the top.
  TRIANGLE("triangle", "triangles", "triangle", "triangles") {
    @Override
    double distance(double x, double y) {
      double side = (1.75 * Math.abs(x) - 0.95 * (y + 1)) / 1.9912;
      return Math.max(side, y - 0.75);
    }
  },
  /// A square on its tip, higher than wide.
  DIAMOND("diamond", "diamonds", "rhombus", "rhombuses") {
    @Override
    double distance(double x, double y) {
      return (Math.abs(x) + 0.7 * Math.abs(y) - 0.7) / 1.2207;
    }
  },
  /// Two crossed bars.
  CROSS("cross", "crosses", "plus sign", "plus signs") {
    @Override
    double distance(double x, double y) {
      double upright = Math.max(Math.abs(x) - 0.3, Math.abs(y) - 0.95);
      double level = Math.max(Math.abs(x) - 0.95, Math.abs(y) - 0.3);
      return Math.min(upright, level);
    }
  },
  /// A star of five points: where at most one of a pentagon's five sides is crossed.
  STAR("star", "stars", "star", "stars") {
    @Override
    double distance(double x, double y) {
      double largest = Double.NEGATIVE_INFINITY;
      double second = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < 5; i++) {
        double side = SIDES[2 * i] * x + SIDES[2 * i + 1] * y;
        second = Math.max(second, Math.min(largest, side));
        largest = Math.max(largest, side);
      }
      return second - 0.309017; // cos 72°, where the sides stand if the points reach to 1
    }
  },
  /// A circle with a hole.
  RING("ring", "rings", "hoop", "hoops") {
    @Override
    double distance(double x, double y) {
      return Math.abs(length(x, y) - 0.7) - 0.26;
    }
  },
  /// A circle without another.
  MOON("moon", "moons", "crescent", "crescents") {
    @Override
    double distance(double x, double y) {
      return Math.max(length(x, y) - 0.95, 0.8 - length(x - 0.5, y));
    }
  };

  /// The outward directions of the sides of a pentagon that stands on a tip, x and y in turn.
  private static final double[] SIDES = sides();

  private final String word;
  private final String plural;
  private final String otherWord;
  private final String otherPlural;

  Kind(String word, String plural, String otherWord, String otherPlural) {
    this.word = word;
    this.plural = plural;
    this.otherWord = otherWord;
    this.otherPlural = otherPlural;
  }

  /// The distance from the outline.
  abstract double distance(double x, double y);

  /// The usual word for one.
  String word() {
    return word;
  }

  /// A word for one or several, the usual or the other one.
  String word(boolean several, boolean other) {
    return several ? (other ? otherPlural : plural) : (other ? otherWord : word);
  }

  private static double length(double x, double y) {
    return Math.sqrt(x * x + y * y);
  }

  private static double[] sides() {
    double[] sides = new double[10];
    for (int i = 0; i < 5; i++) {
      double angle = -Math.PI / 2 + i * 2 * Math.PI / 5; // the first side at the top
      sides[2 * i] = StrictMath.cos(angle);
      sides[2 * i + 1] = StrictMath.sin(angle);
    }
    return sides;
  }
}
