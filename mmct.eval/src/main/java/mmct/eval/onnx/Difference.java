package mmct.eval.onnx;

import java.util.List;
import java.util.function.Supplier;

/// How far an output is from what was expected.
///
/// @param overall the largest difference of two finite elements over the largest finite magnitude
///     among those expected so far, so that an element near zero does not ask for more digits than
///     32-bit sums have; infinite where shapes differ, or one side is infinite or not a number
///     where the other is not
/// @param largestPlace the largest difference that rounding does not explain, over the magnitude of
///     its column ([Magnitudes]); at most the tolerance where nothing is wrong
record Difference(double overall, double largestPlace) {
  /// How many times further than the block's own elements one may be moved.
  private static final double ROUNDING = 2;

  private static final Difference INFINITE =
      new Difference(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  /// What is known of an output from all sizes so far.
  static final class Scale {
    private final Magnitudes magnitudes = new Magnitudes();

    /// How far rounding has moved the elements of each column.
    private final Magnitudes noise = new Magnitudes();
  }

  boolean isWithin(double tolerance) {
    return overall <= tolerance && largestPlace <= tolerance;
  }

  /// The larger of both.
  double worst() {
    return Math.max(overall, largestPlace);
  }

  /// Compares.
  ///
  /// @param single whether axes that are one place long do not count
  /// @param scale of all outputs so far; those expected are added
  /// @param tolerance what either share may be
  /// @param moved what the block gives where its inputs and parameters are moved as rounding may;
  ///     asked for only where a column is beyond the tolerance
  static Difference of(
      Output found,
      Output expected,
      boolean single,
      Scale scale,
      double tolerance,
      Supplier<List<Output>> moved) {
    scale.magnitudes.add(expected);
    if (!found.hasShapeOf(expected, single) || !samePattern(found.values(), expected.values())) {
      return INFINITE;
    }
    double largest = 0;
    double overall = 0;
    double[] distances = distances(found.values(), expected.values());
    double magnitude = scale.magnitudes.overall();
    for (int i = 0; i < distances.length; i++) {
      overall = Math.max(overall, share(distances[i], magnitude));
      largest = Math.max(largest, share(distances[i], scale.magnitudes.at(i, expected.shape())));
    }
    if (largest > tolerance && overall <= tolerance) {
      largest = unexplained(distances, expected, scale, moved.get());
    }
    return new Difference(overall, largest);
  }

  private static double share(double distance, double magnitude) {
    return distance == 0 ? 0 : distance / Math.max(magnitude, Double.MIN_NORMAL);
  }

  /// Whether both are not a number, or infinite, at the same places.
  private static boolean samePattern(float[] found, float[] expected) {
    for (int i = 0; i < found.length; i++) {
      boolean finite = Float.isFinite(expected[i]);
      if (finite != Float.isFinite(found[i])
          || (!finite && Float.compare(found[i], expected[i]) != 0)) {
        return false;
      }
    }
    return true;
  }

  private static double[] distances(float[] found, float[] expected) {
    double[] distances = new double[found.length];
    for (int i = 0; i < found.length; i++) {
      distances[i] = Float.isFinite(found[i]) ? Math.abs((double) found[i] - expected[i]) : 0;
    }
    return distances;
  }

  /// The largest share of a difference that is beyond what rounding moves in its column.
  private static double unexplained(
      double[] distances, Output expected, Scale scale, List<Output> moved) {
    scale.noise.fit(expected.shape());
    for (Output other : moved) {
      for (int i = 0; i < distances.length; i++) {
        double distance = Math.abs((double) other.values()[i] - expected.values()[i]);
        if (Double.isFinite(distance)) {
          scale.noise.raise(i, distance, expected.shape());
        }
      }
    }
    double largest = 0;
    for (int i = 0; i < distances.length; i++) {
      if (distances[i] > ROUNDING * scale.noise.at(i, expected.shape())) {
        largest = Math.max(largest, share(distances[i], scale.magnitudes.at(i, expected.shape())));
      }
    }
    return largest;
  }
}
