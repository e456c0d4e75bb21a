package mmct.vision.resample;

/// The colours of a square picture apart, as numbers from 0 to 255.
///
/// Each colour has an array of its own because the just-in-time compiler only uses vector
/// instructions where all arrays of a loop are read and written at the same index.
///
/// @param red `[size, size]`
/// @param green `[size, size]`
/// @param blue `[size, size]`
/// @param size the length of a side in pixels
public record Planes(float[] red, float[] green, float[] blue, int size) {
  /// Black planes.
  public Planes(int size) {
    this(new float[size * size], new float[size * size], new float[size * size], size);
  }

  /// The colours one after the other, rounded to whole numbers: unsigned bytes `[3, size, size]`.
  public byte[] toBytes() {
    int pixels = size * size;
    byte[] values = new byte[3 * pixels];
    round(red, values, 0);
    round(green, values, pixels);
    round(blue, values, 2 * pixels);
    return values;
  }

  private static void round(float[] plane, byte[] values, int at) {
    for (int i = 0; i < plane.length; i++) {
      values[at + i] = (byte) (int) (plane[i] + 0.5f);
    }
  }
}
