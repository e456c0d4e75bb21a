package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Optional;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;

/// Numbers among the operands of a traced call, as tensors. A number that differs between traces is
/// a size, or the inverse, the root or the inverse root of one, or a multiple of one of these.
final class NumberExpressions {
  private final GraphBuilder graph;

  NumberExpressions(GraphBuilder graph) {
    this.graph = graph;
  }

  /// A number as a tensor of shape `[]`, in the type that the engine gives it.
  ///
  /// @param values the number in each trace
  Tensor tensor(List<Number> values) {
    Number first = values.getFirst();
    DataType type = type(first);
    if (values.stream().distinct().count() == 1) {
      return graph.number(first, type);
    }
    return power(values, 1, type)
        .or(() -> power(values, -1, type))
        .or(() -> power(values, 2, type))
        .or(() -> power(values, -2, type))
        .or(() -> multiple(values, type))
        .orElseThrow(
            () ->
                new SizeExpressions.UnknownSizeException(
                    "the number %s changes with the number of rows or their length in a way that no"
                            .formatted(first)
                        + " simple formula gives"));
  }

  /// The type of the array that the engine makes of a number.
  private static DataType type(Number number) {
    return switch (number) {
      case Integer i -> DataType.INT32;
      case Long l -> DataType.INT64;
      case Float f -> DataType.FLOAT32;
      case Byte b -> DataType.INT8;
      case Short s -> DataType.INT16;
      default -> DataType.FLOAT64;
    };
  }

  /// The number as size<sup>1/p</sup>, where the p-th powers of the values are a known size.
  private Optional<Tensor> power(List<Number> values, int p, DataType type) {
    Size size =
        new Size(values.stream().map(v -> Math.round(Math.pow(v.doubleValue(), p))).toList());
    for (int i = 0; i < values.size(); i++) {
      double back = Math.pow((double) size.at(i), 1.0 / p);
      if (Math.abs(back - values.get(i).doubleValue()) > 1e-6 * Math.abs(back)) {
        return Optional.empty();
      }
    }
    if (size.isFixed() || !graph.expressions().isKnown(size)) {
      return Optional.empty();
    }
    Tensor whole = graph.size(size);
    if (p == 1) {
      return Optional.of(graph.cast(whole, type));
    }
    Tensor exponent = graph.number(1.0 / p, DataType.FLOAT32);
    Tensor real = graph.cast(whole, DataType.FLOAT32);
    Tensor power = graph.node("Pow").in(real, exponent).out(DataType.FLOAT32);
    return Optional.of(graph.cast(power, type));
  }

  /// A float as a constant times size<sup>1/p</sup>.
  private Optional<Tensor> multiple(List<Number> values, DataType type) {
    if (Types.isWhole(type)) {
      return Optional.empty();
    }
    for (Size size : graph.expressions().known()) {
      for (int p : new int[] {1, -1, 2, -2}) {
        double factor = values.getFirst().doubleValue() / Math.pow((double) size.first(), 1.0 / p);
        if (isMultiple(values, size, p, factor)) {
          Tensor real = graph.cast(graph.size(size), DataType.FLOAT64);
          Tensor power = Elementwise.power(real, 1.0 / p, graph);
          return Optional.of(graph.cast(Elementwise.scaled(power, factor, graph), type));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isMultiple(List<Number> values, Size size, int p, double factor) {
    for (int i = 0; i < values.size(); i++) {
      double expected = factor * Math.pow((double) size.at(i), 1.0 / p);
      double distance = Math.abs(expected - values.get(i).doubleValue());
      if (!(distance <= 1e-6 * Math.abs(expected))) {
        return false;
      }
    }
    return true;
  }
}
