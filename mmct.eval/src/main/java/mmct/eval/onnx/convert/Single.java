package mmct.eval.onnx.convert;

import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// A converter of calls with one result.
@FunctionalInterface
interface Single {
  /// Converts a call.
  Tensor convert(TracedCall call, Graph graph);
}
