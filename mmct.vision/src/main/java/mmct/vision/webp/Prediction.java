package mmct.vision.webp;

/// Predicts blocks from the samples above them and to their left (RFC 6386, section 12).
final class Prediction {
  /// Modes of macroblocks, in the order in which they are numbered here.
  static final int MEAN = 0;

  static final int VERTICAL = 1;
  static final int HORIZONTAL = 2;
  static final int TRUE_MOTION = 3;

  /// Modes of blocks of 4 x 4, as the tables number them.
  static final int B_MEAN = 0;

  static final int B_TRUE_MOTION = 1;
  static final int B_VERTICAL = 2;
  static final int B_HORIZONTAL = 3;
  static final int B_LEFT_DOWN = 4;
  static final int B_RIGHT_DOWN = 5;
  static final int B_VERTICAL_RIGHT = 6;
  static final int B_VERTICAL_LEFT = 7;
  static final int B_HORIZONTAL_DOWN = 8;
  static final int B_HORIZONTAL_UP = 9;

  private Prediction() {}

  /// Predicts a square.
  ///
  /// @param x of its first column, 0 at the edge of the picture
  /// @param y of its first row
  static void square(Plane plane, int x, int y, int size, int mode) {
    int start = plane.at(x, y);
    int stride = plane.stride();
    int mean = mode == MEAN ? mean(plane, x, y, size) : 0;
    int corner = plane.get(start - stride - 1);
    for (int row = 0; row < size; row++) {
      int at = start + row * stride;
      int left = plane.get(at - 1);
      for (int i = 0; i < size; i++) {
        int above = plane.get(start - stride + i);
        plane.setClamped(
            at + i,
            switch (mode) {
              case VERTICAL -> above;
              case HORIZONTAL -> left;
              case TRUE_MOTION -> left + above - corner;
              default -> mean;
            });
      }
    }
  }

  /// The mean of what is within the picture; the middle where nothing is.
  private static int mean(Plane plane, int x, int y, int size) {
    int start = plane.at(x, y);
    int sum = 0;
    for (int i = 0; i < size; i++) {
      sum += y > 0 ? plane.get(start - plane.stride() + i) : 0;
      sum += x > 0 ? plane.get(start + i * plane.stride() - 1) : 0;
    }
    int count = (x > 0 ? size : 0) + (y > 0 ? size : 0);
    return count == 0 ? 128 : (sum + count / 2) / count;
  }

  /// Predicts a block of 4 x 4.
  ///
  /// @param edge the samples around it, from the lowest on the left over the corner, `[4]`, to the
  ///     eighth above: `[13]`
  static void block(Plane plane, int start, int[] edge, int mode) {
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        plane.setClamped(start + y * plane.stride() + x, sample(edge, x, y, mode));
      }
    }
  }

  private static int sample(int[] e, int x, int y, int mode) {
    return switch (mode) {
      case B_TRUE_MOTION -> e[3 - y] + e[5 + x] - e[4];
      case B_VERTICAL -> three(e, 5 + x);
      case B_HORIZONTAL -> y == 3 ? (e[1] + 3 * e[0] + 2) >> 2 : three(e, 3 - y);
      case B_LEFT_DOWN -> x + y == 6 ? (e[11] + 3 * e[12] + 2) >> 2 : three(e, 6 + x + y);
      case B_RIGHT_DOWN -> three(e, 4 + x - y);
      case B_VERTICAL_RIGHT -> verticalRight(e, x, y);
      case B_VERTICAL_LEFT -> verticalLeft(e, x, y);
      case B_HORIZONTAL_DOWN -> horizontalDown(e, x, y);
      case B_HORIZONTAL_UP -> horizontalUp(e, x, y);
      default -> (e[0] + e[1] + e[2] + e[3] + e[5] + e[6] + e[7] + e[8] + 4) >> 3;
    };
  }

  private static int verticalRight(int[] e, int x, int y) {
    int along = 2 * x - y;
    if (along < 0) {
      return three(e, 5 + along); // the left side, from y 1 downwards
    }
    return along % 2 == 0 ? two(e, 4 + along / 2) : three(e, 4 + (along + 1) / 2);
  }

  private static int verticalLeft(int[] e, int x, int y) {
    if (x == 3 && y >= 2) {
      return three(e, y == 2 ? 10 : 11);
    }
    return y % 2 == 0 ? two(e, 5 + x + y / 2) : three(e, 6 + x + y / 2);
  }

  private static int horizontalDown(int[] e, int x, int y) {
    int along = 2 * y - x;
    if (along < 0) {
      return three(e, 3 - along); // above, from x 1 to the right
    }
    return along % 2 == 0 ? two(e, 3 - along / 2) : three(e, 4 - (along + 1) / 2);
  }

  private static int horizontalUp(int[] e, int x, int y) {
    int along = x + 2 * y;
    if (along > 5) {
      return e[0];
    }
    if (along == 5) {
      return (e[1] + 3 * e[0] + 2) >> 2;
    }
    return along % 2 == 0 ? two(e, 2 - along / 2) : three(e, 2 - along / 2);
  }

  /// The mean of an entry and the next.
  private static int two(int[] e, int at) {
    return (e[at] + e[at + 1] + 1) >> 1;
  }

  /// The mean of an entry, twice, and its neighbours.
  private static int three(int[] e, int at) {
    return (e[at - 1] + 2 * e[at] + e[at + 1] + 2) >> 2;
  }
}
