package mmct.eval.detection;

import java.util.Arrays;
import java.util.List;

/// Fills polygons as COCO's own tools do, pixel by pixel the same: the outline is drawn on a grid
/// five times as fine, and where it crosses from one column of pixels to the next is where a run
/// begins or ends.
final class PolygonMask {
  private static final int FINE = 5;

  /// How far outside an image, in sides of it, a corner may lie; beyond, an outline has no sense
  /// and no bound.
  private static final int FARTHEST = 8;

  private final int height;
  private final int width;
  private int[] crossings = new int[64];
  private int count;
  private int lastColumn;
  private int lastRow;
  private boolean begun;

  private PolygonMask(int height, int width) {
    this.height = height;
    this.width = width;
  }

  /// What several polygons cover together.
  ///
  /// @param polygons the corners of each, x and y in turn, at least three
  /// @throws IllegalArgumentException where one is not a polygon
  static Mask of(int height, int width, List<double[]> polygons) {
    Mask whole = new Mask(height, width, height * width);
    for (double[] corners : polygons) {
      requirePolygon(height, width, corners);
      PolygonMask outline = new PolygonMask(height, width);
      outline.draw(corners);
      whole = whole.union(outline.filled());
    }
    return whole;
  }

  private static void requirePolygon(int height, int width, double... corners) {
    if (corners.length < 6 || corners.length % 2 != 0) {
      throw new IllegalArgumentException(
          "a polygon needs x and y of three corners at least but has %d numbers"
              .formatted(corners.length));
    }
    double farthest = (double) FARTHEST * Math.max(height, width);
    for (double corner : corners) {
      if (!(Math.abs(corner) <= farthest)) {
        throw new IllegalArgumentException(
            "a polygon of an image of %d x %d pixels has a corner at %s"
                .formatted(width, height, corner));
      }
    }
  }

  private void draw(double... corners) {
    int n = corners.length / 2;
    for (int i = 0; i < n; i++) {
      int next = (i + 1) % n;
      edge(
          fine(corners[2 * i]),
          fine(corners[2 * i + 1]),
          fine(corners[2 * next]),
          fine(corners[2 * next + 1]));
    }
  }

  /// Rounds as C does, towards zero after adding a half.
  private static int fine(double coordinate) {
    return (int) (FINE * coordinate + 0.5);
  }

  /// All points of an edge on the fine grid, from its beginning to its end. The other coordinate is
  /// computed from the lower end, so that an edge has the same points in both directions.
  private void edge(int fromX, int fromY, int toX, int toY) {
    int columns = Math.abs(toX - fromX);
    int rows = Math.abs(toY - fromY);
    boolean flat = columns >= rows;
    boolean backwards = flat ? fromX > toX : fromY > toY;
    int startX = backwards ? toX : fromX;
    int startY = backwards ? toY : fromY;
    int steps = Math.max(columns, rows);
    int rise = flat ? toY - fromY : toX - fromX;
    double slope = steps == 0 ? 0 : (double) (backwards ? -rise : rise) / steps;
    for (int i = 0; i <= steps; i++) {
      int along = backwards ? steps - i : i;
      if (flat) {
        point(startX + along, (int) (startY + slope * along + 0.5));
      } else {
        point((int) (startX + slope * along + 0.5), startY + along);
      }
    }
  }

  private void point(int column, int row) {
    if (begun && column != lastColumn) {
      cross(column < lastColumn ? column : column - 1, row);
    }
    begun = true;
    lastColumn = column;
    lastRow = row;
  }

  /// The outline goes from one fine column to the next: where that is the middle of a column of
  /// pixels, a run begins or ends.
  private void cross(int fineColumn, int row) {
    double column = (fineColumn + 0.5) / FINE - 0.5;
    if (Math.floor(column) != column || column < 0 || column > width - 1) {
      return;
    }
    double place = (Math.min(row, lastRow) + 0.5) / FINE - 0.5;
    int pixel = (int) Math.ceil(Math.clamp(place, 0, height));
    if (count == crossings.length) {
      crossings = Arrays.copyOf(crossings, 2 * count);
    }
    crossings[count++] = ((int) column) * height + pixel;
  }

  /// The mask whose runs end at the crossings.
  private Mask filled() {
    int[] ends = Arrays.copyOf(crossings, count + 1);
    ends[count] = height * width;
    Arrays.sort(ends);
    int[] runs = new int[ends.length];
    int used = 0;
    int before = 0;
    for (int i = 0; i < ends.length; i++) {
      int length = ends[i] - before;
      before = ends[i];
      if (length == 0 && i > 0) {
        // Two crossings at one place: the run before goes on after them.
        if (++i < ends.length) {
          runs[used - 1] += ends[i] - before;
          before = ends[i];
        }
      } else {
        runs[used++] = length;
      }
    }
    return new Mask(height, width, Arrays.copyOf(runs, used));
  }
}
