package mmct.vision.webp;

/// Makes red, green and blue of luma and colour differences of half as many rows and columns, as
/// libwebp does it: a difference counts nine sixteenths at its nearest pixel.
///
/// @param luma of the whole picture
/// @param blue the difference of blue
/// @param red the difference of red
record Colours(Plane luma, Plane blue, Plane red) {
  /// Red, green and blue, interleaved: `[height, width, 3]`.
  byte[] toRgb(int width, int height) {
    byte[] rgb = new byte[Math.multiplyExact(3, width * height)];
    int[] blues = new int[width];
    int[] reds = new int[width];
    int last = (height - 1) / 2;
    for (int y = 0; y < height; y++) {
      int near = y / 2;
      int far = Math.clamp(near + (y % 2 == 0 ? -1 : 1), 0, last);
      interpolate(blue, near, far, blues);
      interpolate(red, near, far, reds);
      int at = luma.at(0, y);
      for (int x = 0; x < width; x++) {
        put(rgb, 3 * (y * width + x), luma.get(at + x), blues[x], reds[x]);
      }
    }
    return rgb;
  }

  /// A row of a difference for every column.
  private static void interpolate(Plane plane, int nearRow, int farRow, int[] row) {
    int near = plane.at(0, nearRow);
    int far = plane.at(0, farRow);
    row[0] = (3 * plane.get(near) + plane.get(far) + 2) >> 2;
    int width = row.length;
    for (int x = 1; x < width; x++) {
      int right = (x + 1) / 2;
      int nearLeft = plane.get(near + right - 1);
      int farLeft = plane.get(far + right - 1);
      if (2 * right >= width && x % 2 == 1) { // the last column has no neighbour to its right
        row[x] = (3 * nearLeft + farLeft + 2) >> 2;
        continue;
      }
      int nearRight = plane.get(near + right);
      int farRight = plane.get(far + right);
      int sum = nearLeft + nearRight + farLeft + farRight + 8;
      row[x] =
          x % 2 == 1
              ? (((sum + 2 * (nearRight + farLeft)) >> 3) + nearLeft) >> 1
              : (((sum + 2 * (nearLeft + farRight)) >> 3) + nearRight) >> 1;
    }
  }

  private static void put(byte[] rgb, int at, int luma, int blue, int red) {
    int light = (luma * 19077) >> 8;
    rgb[at] = byteOf(light + ((red * 26149) >> 8) - 14234);
    rgb[at + 1] = byteOf(light - ((blue * 6419) >> 8) - ((red * 13320) >> 8) + 8708);
    rgb[at + 2] = byteOf(light + ((blue * 33050) >> 8) - 17685);
  }

  private static byte byteOf(int value) {
    return (byte) Math.clamp(value >> 6, 0, 255);
  }
}
