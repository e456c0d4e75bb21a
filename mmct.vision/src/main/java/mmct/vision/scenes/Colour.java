package mmct.vision.scenes;

import java.util.Locale;

/// Colours of shapes.
enum Colour {
  /// Red.
  RED(215, 35, 35),
  /// Orange.
  ORANGE(240, 130, 20),
  /// Yellow.
  YELLOW(245, 225, 45),
  /// Green.
  GREEN(35, 150, 55),
  /// Blue.
  BLUE(45, 85, 220),
  /// Purple.
  PURPLE(125, 45, 165),
  /// Pink.
  PINK(250, 145, 195),
  /// White.
  WHITE(245, 245, 245),
  /// Black.
  BLACK(25, 25, 25);

  private final int red;
  private final int green;
  private final int blue;

  Colour(int red, int green, int blue) {
    this.red = red;
    this.green = green;
    this.blue = blue;
  }

  /// Red, green and blue from 0 to 255.
  int[] rgb() {
    return new int[] {red, green, blue};
  }

  /// The word for the colour.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
