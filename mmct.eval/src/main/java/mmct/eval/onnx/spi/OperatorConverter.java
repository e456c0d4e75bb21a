package mmct.eval.onnx.spi;

import java.util.List;

/// Emits the nodes that compute what one traced call computed.
@FunctionalInterface
public interface OperatorConverter {
  /// Converts a call.
  ///
  /// @return the results, in the order and of the types of the call's results
  /// @throws mmct.api.MmctException where ONNX cannot express the call
  List<Tensor> convert(TracedCall call, Graph graph);
}
