package mmct.vision.augment;

import java.util.List;
import mmct.vision.resample.Planes;

/// Brings values from 0 to 255 to about unit variance, colour by colour.
///
/// @param factor by colour, what a value is multiplied with
/// @param offset by colour, what is added then
record Normalisation(float[] factor, float[] offset) {
  /// Subtracts means and divides by deviations, both as shares of 255.
  static Normalisation of(List<Double> mean, List<Double> std) {
    float[] factor = new float[3];
    float[] offset = new float[3];
    for (int c = 0; c < 3; c++) {
      factor[c] = (float) (1 / (255 * std.get(c)));
      offset[c] = (float) (-mean.get(c) / std.get(c));
    }
    return new Normalisation(factor, offset);
  }

  /// Normalises in place.
  void apply(Planes planes) {
    apply(planes.red(), factor[0], offset[0]);
    apply(planes.green(), factor[1], offset[1]);
    apply(planes.blue(), factor[2], offset[2]);
  }

  private static void apply(float[] plane, float factor, float offset) {
    for (int i = 0; i < plane.length; i++) {
      plane[i] = plane[i] * factor + offset;
    }
  }
}
