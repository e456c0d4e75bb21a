package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.List;
import mmct.api.spi.Constant;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossParameter;

/// A temperature τ that is fixed, or learned within bounds.
///
/// A learned one is a parameter `logTemperature = log τ`, so that it stays positive and its
/// steps are shares of its size. Only its value is held within the bounds: a pure function
/// cannot set a parameter back, as reference codes do after each step. So where the parameter
/// has left the bounds it gets, instead of the gradient zero of a clamp, one of size 1 that
/// leads back.
///
/// @param initial τ, at the start where it is learned
/// @param learned whether it is
/// @param lowest the lowest τ that is learned
/// @param highest the highest
record Temperature(double initial, boolean learned, double lowest, double highest) {
  static final String PARAMETER = "logTemperature";

  // How options records describe theirs.
  static final String MEANING =
      "Temperature τ by which similarities are divided, at the start if it is learned.";
  static final String LEARNED = "Whether the temperature is learned.";
  static final String LOWEST = "Lowest temperature that is learned.";
  static final String HIGHEST = "Highest temperature that is learned.";

  /// The highest temperature where it is no option: everything looks alike there.
  static final double FLAT = 100;

  /// Checks that a learned temperature starts within its bounds.
  Temperature {
    if (learned && !(lowest <= initial && initial <= highest)) {
      throw new IllegalArgumentException(
          "a learned temperature must be from lowestTemperature %s to %s but was %s"
              .formatted(lowest, highest, initial));
    }
  }

  /// A temperature whose upper bound is no option.
  Temperature(double initial, boolean learned, double lowest) {
    this(initial, learned, lowest, FLAT);
  }

  /// What it adds to the loss's parameters.
  List<LossParameter> parameters() {
    return learned ? List.of(LossParameter.scalar(PARAMETER, Math.log(initial))) : List.of();
  }

  /// `1/τ` with its gradient, `[]`.
  NDArray inverse(LossInput input) {
    return learned ? bounded(input).neg().exp() : Constant.of(input.query(), 1 / initial);
  }

  private NDArray bounded(LossInput input) {
    NDArray parameter = input.parameter(PARAMETER);
    return parameter
        .maximum(Constant.of(parameter, Math.log(lowest)))
        .minimum(Constant.of(parameter, Math.log(highest)));
  }

  /// The same value, whose gradient leads a parameter that has left its bounds back.
  ///
  /// @param value `[n]`
  NDArray heldWithin(NDArray value, LossInput input) {
    if (!learned) {
      return value;
    }
    NDArray outside = input.parameter(PARAMETER).sub(bounded(input)).abs();
    return value.add(outside.sub(outside.stopGradient()));
  }
}
