package mmct.vision.scenes;

import java.util.List;
import java.util.Locale;

/// What stands behind the shapes.
enum Background {
  /// A meadow.
  GRASS,
  /// A beach.
  SAND,
  /// Waves.
  WATER,
  /// A dark sky with stars.
  NIGHT,
  /// A field of snow.
  SNOW,
  /// A wall of bricks.
  BRICKS;

  /// Phrases for the place, each of which may begin or end a sentence.
  List<String> places() {
    return switch (this) {
      case GRASS -> List.of("on the grass", "on a green meadow", "on a lawn");
      case SAND -> List.of("on the sand", "on a beach", "in the desert");
      case WATER -> List.of("on the water", "over blue waves", "in the sea");
      case NIGHT -> List.of("in the night", "in a dark sky", "at night");
      case SNOW -> List.of("in the snow", "on a snowy field", "on white snow");
      case BRICKS -> List.of("in front of bricks", "on a brick wall", "against a wall of bricks");
    };
  }

  /// The tag.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
