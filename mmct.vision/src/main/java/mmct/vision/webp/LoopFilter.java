package mmct.vision.webp;

/// Smooths the edges of blocks once a frame is whole (RFC 6386, section 15).
final class LoopFilter {
  private final FilterLevels levels;
  private final Plane[] planes; // luma and the colour differences

  LoopFilter(FilterLevels levels, Plane... planes) {
    this.levels = levels;
    this.planes = planes;
  }

  /// Smooths the left and upper edges of a macroblock, and those within it.
  ///
  /// @param level from 0, which is none, to 63
  /// @param inner whether the edges within it are smoothed too
  void apply(int column, int row, int level, boolean inner) {
    if (level == 0) {
      return;
    }
    int interior = levels.interior(level);
    int limit = 2 * level + interior;
    int threshold = level >= 40 ? 2 : level >= 15 ? 1 : 0;
    int count = levels.simple() ? 1 : planes.length;
    for (int i = 0; i < count; i++) {
      int size = i == 0 ? 16 : 8;
      Edges edges = new Edges(planes[i], size, interior, threshold, levels.simple());
      int start = planes[i].at(column * size, row * size);
      int stride = planes[i].stride();
      if (column > 0) {
        edges.smooth(start, 1, stride, limit + 4, true);
      }
      for (int x = 4; inner && x < size; x += 4) {
        edges.smooth(start + x, 1, stride, limit, false);
      }
      if (row > 0) {
        edges.smooth(start, stride, 1, limit + 4, true);
      }
      for (int y = 4; inner && y < size; y += 4) {
        edges.smooth(start + y * stride, stride, 1, limit, false);
      }
    }
  }

  /// Edges of one plane.
  ///
  /// @param size how long they are
  /// @param interior how far neighbours on one side may differ
  /// @param threshold beyond which they differ much
  private record Edges(Plane plane, int size, int interior, int threshold, boolean simple) {
    /// Smooths one edge.
    ///
    /// @param start of its first sample on the far side
    /// @param across the way over the edge
    /// @param along the way to the next sample
    /// @param limit how far both sides may differ
    /// @param outer whether it is the edge of a macroblock
    void smooth(int start, int across, int along, int limit, boolean outer) {
      for (int i = 0, at = start; i < size; i++, at += along) {
        int p1 = plane.get(at - 2 * across);
        int p0 = plane.get(at - across);
        int q0 = plane.get(at);
        int q1 = plane.get(at + across);
        if (4 * Math.abs(p0 - q0) + Math.abs(p1 - q1) > 2 * limit + 1) {
          continue;
        }
        if (simple) {
          two(at, across, p1, p0, q0, q1);
        } else if (even(at, across, p1, p0, q0, q1)) {
          if (Math.abs(p1 - p0) > threshold || Math.abs(q1 - q0) > threshold) {
            two(at, across, p1, p0, q0, q1);
          } else if (outer) {
            six(at, across, p1, p0, q0, q1);
          } else {
            four(at, across, p1, p0, q0, q1);
          }
        }
      }
    }

    private boolean even(int at, int across, int p1, int p0, int q0, int q1) {
      int p3 = plane.get(at - 4 * across);
      int p2 = plane.get(at - 3 * across);
      int q2 = plane.get(at + 2 * across);
      int q3 = plane.get(at + 3 * across);
      return Math.abs(p3 - p2) <= interior
          && Math.abs(p2 - p1) <= interior
          && Math.abs(p1 - p0) <= interior
          && Math.abs(q3 - q2) <= interior
          && Math.abs(q2 - q1) <= interior
          && Math.abs(q1 - q0) <= interior;
    }

    private void two(int at, int across, int p1, int p0, int q0, int q1) {
      int a = 3 * (q0 - p0) + signedByte(p1 - q1);
      plane.setClamped(at - across, p0 + eighth(a + 3));
      plane.setClamped(at, q0 - eighth(a + 4));
    }

    private void four(int at, int across, int p1, int p0, int q0, int q1) {
      int a = 3 * (q0 - p0);
      int far = eighth(a + 4);
      int outer = (far + 1) >> 1;
      plane.setClamped(at - 2 * across, p1 + outer);
      plane.setClamped(at - across, p0 + eighth(a + 3));
      plane.setClamped(at, q0 - far);
      plane.setClamped(at + across, q1 - outer);
    }

    private void six(int at, int across, int p1, int p0, int q0, int q1) {
      int a = signedByte(3 * (q0 - p0) + signedByte(p1 - q1));
      int first = (27 * a + 63) >> 7;
      int second = (18 * a + 63) >> 7;
      int third = (9 * a + 63) >> 7;
      plane.setClamped(at - 3 * across, plane.get(at - 3 * across) + third);
      plane.setClamped(at - 2 * across, p1 + second);
      plane.setClamped(at - across, p0 + first);
      plane.setClamped(at, q0 - first);
      plane.setClamped(at + across, q1 - second);
      plane.setClamped(at + 2 * across, plane.get(at + 2 * across) - third);
    }

    private static int signedByte(int value) {
      return Math.clamp(value, -128, 127);
    }

    private static int eighth(int value) {
      return Math.clamp(value >> 3, -16, 15);
    }
  }
}
