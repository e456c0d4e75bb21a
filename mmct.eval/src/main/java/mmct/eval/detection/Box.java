package mmct.eval.detection;

/// A box in pixels; the right and the lower edge are not part of it.
///
/// @param x the left edge
/// @param y the upper edge
record Box(double x, double y, double width, double height) implements Region {
  @Override
  public double area() {
    return width * height;
  }

  @Override
  public double intersection(Region other) {
    if (!(other instanceof Box box)) {
      throw new IllegalArgumentException("a box is compared with boxes only");
    }
    double common = Math.min(x + width, box.x + box.width) - Math.max(x, box.x);
    double high = Math.min(y + height, box.y + box.height) - Math.max(y, box.y);
    return common <= 0 || high <= 0 ? 0 : common * high;
  }
}
