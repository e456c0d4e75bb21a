package mmct.eval.onnx;

/// How the weights of an exported file are stored. Computation is in 32-bit floats either way.
public enum WeightType {
  /// As they are in training.
  FLOAT32,
  /// In half the space, rounded to 11 significant bits.
  FLOAT16
}
