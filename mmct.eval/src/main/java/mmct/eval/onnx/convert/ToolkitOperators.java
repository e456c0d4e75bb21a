package mmct.eval.onnx.convert;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mmct.eval.onnx.spi.OperatorConverter;
import mmct.eval.onnx.spi.OperatorConverters;

/// The table of operators that the toolkit brings.
public final class ToolkitOperators {
  private ToolkitOperators() {}

  /// The toolkit's converters and others, by the name of the method; the others come first where
  /// both have one.
  public static Map<String, OperatorConverter> with(
      Collection<? extends OperatorConverters> others) {
    Map<String, OperatorConverter> all = new HashMap<>();
    for (OperatorConverters theme : themes()) {
      all.putAll(theme.converters());
    }
    others.forEach(provider -> all.putAll(provider.converters()));
    return Map.copyOf(all);
  }

  private static List<OperatorConverters> themes() {
    return List.of(
        Creation.table(),
        Elementwise.table(),
        Reductions.table(),
        Shaping.table(),
        Indexing.table(),
        Matrices.table(),
        Layers.table(),
        Recurrences.table());
  }
}
