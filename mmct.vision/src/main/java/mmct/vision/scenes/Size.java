package mmct.vision.scenes;

import java.util.List;

/// Sizes of shapes.
enum Size {
  /// Clearly smaller than the others.
  SMALL(0.56),
  /// Not worth a word.
  MEDIUM(0.78),
  /// As large as its place allows.
  LARGE(1.02);

  private final double radius;

  Size(double radius) {
    this.radius = radius;
  }

  /// The radius in halves of a cell.
  double radius() {
    return radius;
  }

  /// Words for the size, the usual one first; none where nobody would mention it.
  List<String> words() {
    return switch (this) {
      case SMALL -> List.of("small", "little", "tiny");
      case MEDIUM -> List.of();
      case LARGE -> List.of("large", "big", "huge");
    };
  }
}
