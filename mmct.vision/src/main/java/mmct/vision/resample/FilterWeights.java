package mmct.vision.resample;

import java.util.Arrays;

/// What each output of a one-dimensional resampling takes from which inputs, as whole numbers that
/// add up to exactly [#ONE].
///
/// When outputs are fewer than inputs the filters are widened by the ratio, as Pillow does, so that
/// every input counts and nothing aliases.
public final class FilterWeights {
  /// Bits of fraction in a weight.
  static final int BITS = 14;

  /// The weight of an input that makes up an output alone.
  public static final int ONE = 1 << BITS;

  /// An output's filter.
  ///
  /// @param first the first input that it takes from
  /// @param weights of that input and those that follow, adding up to [#ONE]
  record Taps(int first, int[] weights) {}

  private final Taps[] taps;

  private FilterWeights(Taps[] taps) {
    this.taps = taps;
  }

  /// A shape of filters by distance from the centre, in units of the larger of an input's and an
  /// output's width.
  @FunctionalInterface
  private interface Shape {
    double weight(double left, double right);
  }

  /// The triangle filter, Pillow's `BILINEAR`: linear interpolation where it enlarges, a widened
  /// triangle where it reduces.
  ///
  /// @param from where the resampled stretch begins, in inputs; 0 is the first input's edge
  /// @param length how many inputs it covers
  /// @param outputs how many outputs it becomes
  /// @param low the first input that may be taken
  /// @param high the input after the last that may be taken
  public static FilterWeights triangle(double from, double length, int outputs, int low, int high) {
    double scale = length / outputs;
    double width = Math.max(1, scale);
    Shape shape = (left, right) -> Math.max(0, 1 - Math.abs((left + right) / 2) / width);
    return of(from, scale, width, outputs, low, high, shape);
  }

  /// The area filter: each output is the mean of what it covers, fractions of inputs included. It
  /// is meant for reducing.
  ///
  /// @param inputs how many inputs there are
  /// @param outputs how many outputs they become
  public static FilterWeights area(int inputs, int outputs) {
    return area(0, inputs, inputs, outputs);
  }

  /// The area filter over inputs of which the first or the last may reach beyond the end.
  ///
  /// @param from where the inputs begin to be covered
  /// @param length how many inputs are covered, the first and the last perhaps in part
  /// @param inputs how many inputs there are
  /// @param outputs how many outputs they become
  static FilterWeights area(double from, double length, int inputs, int outputs) {
    double scale = length / outputs;
    double half = scale / 2;
    Shape shape = (left, right) -> Math.max(0, Math.min(right, half) - Math.max(left, -half));
    return of(from, scale, half + 0.5, outputs, 0, inputs, shape);
  }

  private static FilterWeights of(
      double from, double scale, double support, int outputs, int low, int high, Shape shape) {
    Taps[] taps = new Taps[outputs];
    for (int i = 0; i < outputs; i++) {
      double centre = from + (i + 0.5) * scale;
      int first = Math.max(low, (int) Math.floor(centre - support + 0.5));
      int end = Math.min(high, (int) Math.floor(centre + support + 0.5));
      taps[i] = taps(first, end, centre, shape);
    }
    return new FilterWeights(taps);
  }

  private static Taps taps(int first, int end, double centre, Shape shape) {
    double[] sums = new double[end - first];
    double sum = 0;
    for (int k = 0; k < sums.length; k++) {
      sum += shape.weight(first + k - centre, first + k + 1 - centre);
      sums[k] = sum;
    }
    // Rounding the running sums makes the weights add up, and spreads what is lost over all of
    // them.
    int[] weights = new int[sums.length];
    int before = 0;
    for (int k = 0; k < sums.length; k++) {
      int now = (int) Math.rint(sums[k] / sum * ONE);
      weights[k] = now - before;
      before = now;
    }
    return new Taps(first, weights);
  }

  /// The same outputs in reverse order, which mirrors the picture for nothing.
  public FilterWeights mirrored() {
    Taps[] reversed = new Taps[taps.length];
    for (int i = 0; i < taps.length; i++) {
      reversed[i] = taps[taps.length - 1 - i];
    }
    return new FilterWeights(reversed);
  }

  int outputs() {
    return taps.length;
  }

  Taps taps(int output) {
    return taps[output];
  }

  /// All filters, made equally long by weights of 0: loops whose length never changes can be
  /// unrolled.
  ///
  /// @param length of every filter: 2, 4, 6 or a multiple of 4
  /// @param inputs how many inputs must be there, counted from [#low]; those beyond [#high] count
  ///     nothing
  /// @param first by output, the first input that it takes from, counted from [#low]
  /// @param weights by output and input
  record Even(int length, int inputs, int[] first, int[] weights) {}

  Even even() {
    int longest = longest();
    int length = longest <= 6 ? 2 * Math.ceilDiv(longest, 2) : 4 * Math.ceilDiv(longest, 4);
    int inputs = Math.max(length, high() - low());
    int[] first = new int[taps.length];
    int[] weights = new int[taps.length * length];
    for (int i = 0; i < taps.length; i++) {
      int[] own = taps[i].weights();
      int start = taps[i].first() - low();
      first[i] = Math.min(start, inputs - length);
      System.arraycopy(own, 0, weights, i * length + start - first[i], own.length);
    }
    return new Even(length, inputs, first, weights);
  }

  /// The length of the longest filter.
  int longest() {
    return Arrays.stream(taps).mapToInt(it -> it.weights().length).max().orElse(0);
  }

  /// The first input that any output takes from.
  int low() {
    return Math.min(taps[0].first(), taps[taps.length - 1].first());
  }

  /// The input after the last that any output takes from.
  int high() {
    Taps a = taps[0];
    Taps b = taps[taps.length - 1];
    return Math.max(a.first() + a.weights().length, b.first() + b.weights().length);
  }
}
