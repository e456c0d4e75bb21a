package mmct.eval.onnx;

import java.util.Arrays;

/// How large the finite elements of an output are, over all of it and at each place of the axes
/// after the first: what a difference is held against, so that a column that is a million times
/// smaller than its neighbours is compared as strictly as they are.
final class Magnitudes {
  private double overall;
  private double[][] places = new double[0][];

  /// Takes the elements of an output into account.
  void add(Output output) {
    fit(output.shape());
    for (int i = 0; i < output.values().length; i++) {
      float value = output.values()[i];
      if (Float.isFinite(value)) {
        raise(i, Math.abs((double) value), output.shape());
      }
    }
  }

  /// Takes a difference of each element into account.
  void raise(int element, double magnitude, long[] shape) {
    overall = Math.max(overall, magnitude);
    long rest = element;
    for (int axis = shape.length - 1; axis > 0; axis--) {
      int place = (int) (rest % shape[axis]);
      rest /= shape[axis];
      places[axis][place] = Math.max(places[axis][place], magnitude);
    }
  }

  /// Makes room for the places of a shape.
  void fit(long[] shape) {
    if (places.length < shape.length) {
      places = Arrays.copyOf(places, shape.length);
    }
    for (int axis = 0; axis < shape.length; axis++) {
      double[] known = places[axis] == null ? new double[0] : places[axis];
      int length = axis == 0 ? 0 : (int) shape[axis];
      places[axis] = known.length < length ? Arrays.copyOf(known, length) : known;
    }
  }

  /// The largest magnitude of all.
  double overall() {
    return overall;
  }

  /// The least, over the axes, of the largest magnitudes at the places of an element.
  double at(int element, long[] shape) {
    double least = overall;
    long rest = element;
    for (int axis = shape.length - 1; axis > 0; axis--) {
      least = Math.min(least, places[axis][(int) (rest % shape[axis])]);
      rest /= shape[axis];
    }
    return least;
  }
}
