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

  /// The colours one after the other, `[3, size, size]`.
  public float[] toArray() {
    int pixels = size * size;
    float[] values = new float[3 * pixels];
    System.arraycopy(red, 0, values, 0, pixels);
    System.arraycopy(green, 0, values, pixels, pixels);
    System.arraycopy(blue, 0, values, 2 * pixels, pixels);
    return values;
  }
}
