package mmct.eval.onnx.spi;

import java.util.Map;

/// A service that adds operators to the exporter, or replaces them.
public interface OperatorConverters {
  /// Converters by the name of the method of `NDArray`, `NDArrayEx` or `NDManager` whose calls
  /// they convert. A method's overloads share one converter.
  Map<String, OperatorConverter> converters();
}
