package mmct.eval.onnx;

/// How the weights of an exported file are stored. Computation is in 32-bit floats either way.
public enum WeightType {
  /// As they are in training.
  FLOAT32(1e-4),
  /// In half the space, rounded to 11 significant bits: a weight moves by up to 5·10⁻⁴ of itself,
  /// and the output of a deep network by about twice as much.
  FLOAT16(5e-3);

  private final double tolerance;

  WeightType(double tolerance) {
    this.tolerance = tolerance;
  }

  /// What the output of a file may differ from the block's by, as a share of the output's largest
  /// magnitude.
  public double tolerance() {
    return tolerance;
  }
}
