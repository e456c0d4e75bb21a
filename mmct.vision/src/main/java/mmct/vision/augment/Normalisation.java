package mmct.vision.augment;

import java.util.List;
import mmct.api.data.HostArray;
import mmct.api.data.View;
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

  /// The view of planes: bytes that are normalised when they are put into a batch.
  View view(Planes planes) {
    int size = planes.size();
    return new View(List.of(new HostArray.Bytes(planes.toBytes(), factor, offset, 3, size, size)));
  }
}
