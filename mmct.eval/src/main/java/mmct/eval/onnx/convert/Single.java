package mmct.eval.onnx.convert;

import java.util.List;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.OperatorConverter;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// A converter of calls with one result.
@FunctionalInterface
interface Single extends OperatorConverter {
  /// Converts a call.
  Tensor one(TracedCall call, Graph graph);

  @Override
  default List<Tensor> convert(TracedCall call, Graph graph) {
    return List.of(one(call, graph));
  }
}
