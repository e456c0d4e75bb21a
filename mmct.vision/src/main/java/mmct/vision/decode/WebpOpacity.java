package mmct.vision.decode;

/// The filters of WebP's opacity, each of which stores what an estimate from neighbours leaves.
final class WebpOpacity {
  private WebpOpacity() {}

  /// Undoes a filter in place. On the first row the left neighbour is the estimate, on the first
  /// column the one above, and 0 in the corner.
  ///
  /// @param values `[height, width]`
  /// @param filter 0 is none, 1 the left neighbour, 2 the one above, 3 the gradient of three
  static void unfilter(byte[] values, int width, int filter) {
    for (int i = 1; filter > 0 && i < values.length; i++) {
      boolean firstRow = i < width;
      boolean firstColumn = i % width == 0;
      int estimate =
          switch (firstRow ? 1 : firstColumn ? 2 : filter) {
            case 1 -> values[i - 1];
            case 2 -> values[i - width];
            default ->
                Math.clamp(
                    (values[i - 1] & 0xff)
                        + (values[i - width] & 0xff)
                        - (values[i - width - 1] & 0xff),
                    0,
                    255);
          };
      values[i] += (byte) estimate;
    }
  }
}
