package mmct.eval.onnx.spi;

import ai.djl.ndarray.types.DataType;
import java.util.List;

/// The ONNX graph that is being built.
public interface Graph {
  /// The operator set of the file, 17 to 20. A converter may use operators that came with it or
  /// before.
  int operatorSet();

  /// Begins a node of an operator of ONNX.
  Node node(String operator);

  /// The tensor in another element type; itself where it has that type.
  Tensor cast(Tensor tensor, DataType type);

  /// An int64 vector, `[k]`.
  Tensor integers(long... values);

  /// A number of shape `[]`.
  Tensor number(Number value, DataType type);

  /// A size as int64 of shape `[]`, computed from the inputs where it is not fixed.
  Tensor size(Size size);

  /// Sizes as an int64 vector `[k]`, computed from the inputs where they are not fixed.
  Tensor sizes(List<Size> sizes);
}
