package mmct.api.engine;

/// The format in which encoders compute during training. Weights, losses, queues and the optimiser
/// are float32 in any case.
public enum Precision {
  /// Single precision.
  FLOAT32,
  /// bfloat16: the range of float32 with 8 significant bits.
  BF16,
  /// IEEE half precision: 11 significant bits and a small range, so that gradients are scaled.
  FP16,
  /// bf16 where the device computes in it, float32 elsewhere; resolved before a graph is built.
  AUTO
}
