package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
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
/// leads back. On a bound it is within, and has its whole gradient.
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

  /// The lowest temperature of any loss. Below it the similarities of float32 numbers would come
  /// near those that stand for what is left out ([CrossEntropy#MASKED]), and then leave the
  /// numbers.
  static final double SMALLEST = 1e-6;

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
    NDArray fixed = parameter.stopGradient();
    NDArray low = Constant.of(parameter, Math.log(lowest));
    NDArray high = Constant.of(parameter, Math.log(highest));
    NDArray held = fixed.maximum(low).minimum(high);
    // `maximum` would share the gradient with a bound that is met.
    NDArray within = held.eq(fixed).toType(DataType.FLOAT32, false);
    return held.add(parameter.sub(fixed).mul(within));
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
