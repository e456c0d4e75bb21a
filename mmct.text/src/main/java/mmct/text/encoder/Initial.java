package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.initializer.UniformInitializer;

/// How parameters start.
final class Initial {
  private Initial() {}

  /// Normal with mean 0.
  static Initializer normal(double deviation) {
    return new NormalInitializer((float) deviation);
  }

  /// Uniform between −bound and bound.
  static Initializer uniform(double bound) {
    return new UniformInitializer((float) bound);
  }

  /// PyTorch's start of a linear layer's weight and bias: uniform within 1/√fan-in.
  static Initializer linear(int fanIn) {
    return uniform(1 / Math.sqrt(fanIn));
  }

  /// The same with one row of zeros, for the token that fills rows up.
  static Initializer withZeroRow(Initializer initializer, int row) {
    return (manager, shape, type) -> {
      NDArray array = initializer.initialize(manager, shape, type);
      try (NDManager scratch = manager.newSubManager()) {
        array.set(new NDIndex(row), scratch.zeros(shape.slice(1), type));
      }
      return array;
    };
  }
}
