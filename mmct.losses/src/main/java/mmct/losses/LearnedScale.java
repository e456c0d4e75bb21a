package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.List;
import mmct.api.spi.Constant;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossParameter;

/// A factor γ = 1/τ on similarities, trained or fixed. What is trained is its logarithm, so
/// that it stays above zero, and it stays below a largest value.
///
/// @param initial the factor at the start
/// @param learned whether it is trained
/// @param largest the largest factor
record LearnedScale(double initial, boolean learned, double largest) {
  private static final String LOGARITHM = "logScale";

  /// The parameter, where it is trained.
  LossParameter[] parameters() {
    return learned
        ? List.of(LossParameter.scalar(LOGARITHM, Math.log(initial))).toArray(new LossParameter[0])
        : new LossParameter[0];
  }

  /// The factor, `[]`.
  NDArray of(LossInput input) {
    if (!learned) {
      return Constant.of(input.query(), initial);
    }
    NDArray logarithm = input.parameter(LOGARITHM);
    return logarithm.minimum(Constant.of(logarithm, Math.log(largest))).exp();
  }
}
