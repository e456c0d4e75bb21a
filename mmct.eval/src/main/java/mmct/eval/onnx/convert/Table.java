package mmct.eval.onnx.convert;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mmct.eval.onnx.spi.OperatorConverter;
import mmct.eval.onnx.spi.OperatorConverters;

/// Converters by name, of one theme.
final class Table implements OperatorConverters {
  private final Map<String, OperatorConverter> converters = new LinkedHashMap<>();

  /// Adds a converter of calls with one result.
  Table one(String method, Single converter) {
    return several(method, (call, graph) -> List.of(converter.convert(call, graph)));
  }

  /// Adds a converter of calls with any number of results.
  Table several(String method, OperatorConverter converter) {
    if (converters.put(method, converter) != null) {
      throw new IllegalStateException("there are two converters of " + method);
    }
    return this;
  }

  @Override
  public Map<String, OperatorConverter> converters() {
    return Collections.unmodifiableMap(converters);
  }
}
