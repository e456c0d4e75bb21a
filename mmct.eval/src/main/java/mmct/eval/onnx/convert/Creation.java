package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.OperatorConverters;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// Arrays that follow from their sizes.
final class Creation {
  private Creation() {}

  static OperatorConverters table() {
    return new Table()
        .one("create", (c, g) -> g.cast(c.operand(0), c.type()))
        .one("zeros", (c, g) -> filled(g.number(0, c.type()), c.resultShape(0), g))
        .one("ones", (c, g) -> filled(g.number(1, c.type()), c.resultShape(0), g))
        .one("full", (c, g) -> filled(g.cast(c.operand(1), c.type()), c.resultShape(0), g))
        .one("arange", Creation::range)
        .one("eye", Creation::eye)
        .one("linspace", Creation::linear)
        .one("hanningWindow", Creation::window);
  }

  private static Tensor filled(Tensor number, List<Size> shape, Graph graph) {
    return shape.isEmpty() ? number : Shaping.broadcast(number, graph.sizes(shape), graph);
  }

  private static Tensor range(TracedCall call, Graph graph) {
    Tensor from = rangeOperand(call, 0, graph);
    Tensor to = rangeOperand(call, 1, graph);
    Tensor step = rangeOperand(call, 2, graph);
    DataType type =
        List.of(from, to, step).stream().allMatch(t -> t.type() == DataType.INT64)
            ? DataType.INT64
            : DataType.FLOAT32;
    Size count = call.resultShape(0).getFirst();
    if (type != DataType.INT64 && count.isFixed()) {
      return floats(call, count, graph);
    }
    Tensor range =
        graph
            .node("Range")
            .in(graph.cast(from, type), graph.cast(to, type), graph.cast(step, type))
            .out(type);
    return graph.cast(range, call.type());
  }

  /// As many floats as the engine makes, from + i step in its precision: a range of ONNX may stop
  /// one number earlier or later where the step does not divide the stretch exactly.
  private static Tensor floats(TracedCall call, Size count, Graph graph) {
    DataType exact = DataType.FLOAT64;
    Tensor zero = graph.number(0, DataType.INT64);
    Tensor one = graph.number(1, DataType.INT64);
    Tensor places = graph.node("Range").in(zero, graph.size(count), one).out(DataType.INT64);
    Tensor step = graph.cast(call.operand(2), exact);
    Tensor offset = graph.node("Mul").in(graph.cast(places, exact), step).out(exact);
    Tensor from = graph.cast(call.operand(0), exact);
    return graph.cast(graph.node("Add").in(offset, from).out(exact), call.type());
  }

  /// Whole numbers as such, also where they were given as floats.
  private static Tensor rangeOperand(TracedCall call, int argument, Graph graph) {
    Tensor operand = call.operand(argument);
    return Types.isWhole(operand.type()) || call.isWhole(argument)
        ? graph.cast(operand, DataType.INT64)
        : operand;
  }

  /// `eye(rows, columns, 0, type)`; the engine has no other diagonals.
  private static Tensor eye(TracedCall call, Graph graph) {
    Tensor zeros = filled(graph.number(0, DataType.FLOAT32), call.resultShape(0), graph);
    Tensor eye = graph.node("EyeLike").in(zeros).out(DataType.FLOAT32);
    return graph.cast(eye, call.type());
  }

  /// `linspace(first, last, count, true)`.
  private static Tensor linear(TracedCall call, Graph graph) {
    Tensor count = graph.size(call.size(2));
    Tensor zero = graph.number(0, DataType.INT64);
    Tensor one = graph.number(1, DataType.INT64);
    Tensor places = graph.node("Range").in(zero, count, one).out(DataType.INT64);
    Tensor last = graph.node("Sub").in(count, one).out(DataType.INT64);
    Tensor gaps = graph.node("Max").in(last, one).out(DataType.INT64);
    DataType type = call.type();
    Tensor from = graph.cast(call.operand(0), type);
    Tensor span = graph.node("Sub").in(graph.cast(call.operand(1), type), from).out(type);
    Tensor step = graph.node("Div").in(span, graph.cast(gaps, type)).out(type);
    Tensor offset = graph.node("Mul").in(graph.cast(places, type), step).out(type);
    return graph.node("Add").in(offset, from).out(type);
  }

  private static Tensor window(TracedCall call, Graph graph) {
    return graph.node("HannWindow").in(graph.size(call.size(0))).out(call.type());
  }
}
