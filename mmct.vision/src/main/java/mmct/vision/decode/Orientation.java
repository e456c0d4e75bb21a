package mmct.vision.decode;

/// How a camera was held: the eight values of EXIF's tag 274, each the turn and mirroring that the
/// stored picture needs to stand upright.
enum Orientation {
  /// 1: stored as seen.
  UPRIGHT(false, false, false),
  /// 2: mirrored left to right.
  MIRRORED(false, true, false),
  /// 3: upside down.
  HALF_TURN(false, true, true),
  /// 4: mirrored top to bottom.
  FLIPPED(false, false, true),
  /// 5: mirrored along the main diagonal.
  TRANSPOSED(true, false, false),
  /// 6: to be turned clockwise.
  QUARTER_TURN(true, true, false),
  /// 7: mirrored along the other diagonal.
  TRANSVERSED(true, true, true),
  /// 8: to be turned counter-clockwise.
  THREE_QUARTER_TURN(true, false, true);

  private final boolean swapsAxes;
  private final boolean mirrorsColumns;
  private final boolean mirrorsRows;

  /// The upright picture is the stored one with its axes swapped, then its columns and rows
  /// mirrored.
  Orientation(boolean swapsAxes, boolean mirrorsColumns, boolean mirrorsRows) {
    this.swapsAxes = swapsAxes;
    this.mirrorsColumns = mirrorsColumns;
    this.mirrorsRows = mirrorsRows;
  }

  /// The orientation of a value; of others than 1 to 8, upright.
  static Orientation of(long value) {
    return value >= 1 && value <= 8 ? values()[(int) value - 1] : UPRIGHT;
  }

  /// Whether columns become rows.
  boolean swapsAxes() {
    return swapsAxes;
  }

  /// Whether the last column, after swapping, becomes the first.
  boolean mirrorsColumns() {
    return mirrorsColumns;
  }

  /// Whether the last row, after swapping, becomes the first.
  boolean mirrorsRows() {
    return mirrorsRows;
  }

  /// The picture as it was seen.
  Pixels upright(Pixels stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    int width = swapsAxes ? stored.height() : stored.width();
    int height = swapsAxes ? stored.width() : stored.height();
    byte[] source = stored.rgb();
    byte[] target = new byte[source.length];
    int to = 0;
    for (int y = 0; y < height; y++) {
      int row = mirrorsRows ? height - 1 - y : y;
      for (int x = 0; x < width; x++) {
        int column = mirrorsColumns ? width - 1 - x : x;
        int from = 3 * (swapsAxes ? column * stored.width() + row : row * stored.width() + column);
        target[to++] = source[from];
        target[to++] = source[from + 1];
        target[to++] = source[from + 2];
      }
    }
    return new Pixels(target, width, height);
  }
}
