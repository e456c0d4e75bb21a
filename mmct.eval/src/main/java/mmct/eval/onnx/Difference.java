package mmct.eval.onnx;

/// How far two outputs are apart.
final class Difference {
  private Difference() {}

  /// The largest difference of two elements over the largest magnitude among those expected, so
  /// that an element near zero does not ask for more digits than 32-bit sums have. Infinite where
  /// the numbers of elements differ or one side is not a number where the other is.
  static double relative(float[] found, float[] expected) {
    if (found.length != expected.length) {
      return Double.POSITIVE_INFINITY;
    }
    double difference = 0;
    double magnitude = 0;
    for (int i = 0; i < found.length; i++) {
      if (Float.compare(found[i], expected[i]) != 0) {
        double distance = Math.abs((double) found[i] - expected[i]);
        difference = distance <= difference ? difference : nanIsInfinite(distance);
      }
      magnitude = Math.max(magnitude, Math.abs((double) expected[i]));
    }
    return difference == 0 ? 0 : difference / magnitude;
  }

  private static double nanIsInfinite(double value) {
    return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
  }
}
