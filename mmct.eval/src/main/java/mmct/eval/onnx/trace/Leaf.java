package mmct.eval.onnx.trace;

import ai.djl.ndarray.NDArray;

/// A value that no operation computed.
public sealed interface Leaf {
  /// An input of the block, by position.
  record Input(int position) implements Leaf {}

  /// A parameter of the block.
  record Weight(String name, NDArray array) implements Leaf {}

  /// An array of host data, made in the pass or kept by the block.
  ///
  /// @param origin where in the caller's code it was made or used
  record Host(NDArray array, String origin) implements Leaf {}
}
