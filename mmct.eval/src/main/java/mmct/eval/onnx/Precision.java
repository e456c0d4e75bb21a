package mmct.eval.onnx;

/// How exactly a file must agree with its block.
///
/// @param tolerance what an output may differ from the block's by, as a share of its magnitude
/// @param rounding by what share of themselves inputs and parameters are moved to see how far the
///     block's own rounding moves an output
record Precision(double tolerance, double rounding) {
  /// The results of some twenty operations on floats of 11 significant bits.
  private static final double OF_HALF = 1e-2;

  /// The precision of a file.
  ///
  /// @param weights how its weights are stored
  /// @param computesInHalf whether the block itself computes with 16-bit floats: there the engine
  ///     and ONNX Runtime round at different places, and neither is right
  static Precision of(WeightType weights, boolean computesInHalf) {
    double tolerance =
        computesInHalf ? Math.max(OF_HALF, weights.tolerance()) : weights.tolerance();
    boolean half = computesInHalf || weights == WeightType.FLOAT16;
    return new Precision(tolerance, half ? PlainPass.HALF : PlainPass.SINGLE);
  }
}
