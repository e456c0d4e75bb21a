package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.Node;
import mmct.eval.onnx.spi.OperatorConverters;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// Operations along axes: sums and the like, norms, running sums, orders.
final class Reductions {
  private Reductions() {}

  static OperatorConverters table() {
    return new Table()
        .one("sum", (c, g) -> reduced("ReduceSum", c, g))
        .one("mean", (c, g) -> reduced("ReduceMean", c, g))
        .one("max", (c, g) -> reduced("ReduceMax", c, g))
        .one("min", (c, g) -> reduced("ReduceMin", c, g))
        .one("prod", (c, g) -> reduced("ReduceProd", c, g))
        .one("all", (c, g) -> truth("ReduceMin", c, g))
        .one("any", (c, g) -> truth("ReduceMax", c, g))
        .one("none", (c, g) -> Elementwise.not(truth("ReduceMax", c, g), g))
        .one("norm", Reductions::norm)
        .one("normalize", Reductions::normalize)
        .one("cumSum", Reductions::cumulated)
        .one("argMax", (c, g) -> place("ArgMax", c, g))
        .one("argMin", (c, g) -> place("ArgMin", c, g))
        .several("topK", Reductions::top)
        .one("sort", (c, g) -> sorted(c, c.arguments() > 0 ? c.integer(0) : -1, g).getFirst())
        .one("argSort", Reductions::order)
        .one("median", Reductions::median)
        .one("softmax", (c, g) -> along("Softmax", c, g))
        .one("logSoftmax", (c, g) -> along("LogSoftmax", c, g));
  }

  /// `f()` over everything, `f(axes, keepDims)` over some axes.
  private static Tensor reduced(String operator, TracedCall call, Graph graph) {
    Tensor tensor = graph.cast(call.receiver(), call.type());
    return call.arguments() == 0
        ? reduce(operator, tensor, new long[0], false, graph)
        : reduce(operator, tensor, call.integers(0), call.flag(1), graph);
  }

  private static Tensor reduce(
      String operator, Tensor tensor, long[] axes, boolean keep, Graph graph) {
    Node node = graph.node(operator).in(tensor);
    if (axes.length > 0) {
      node.in(graph.integers(axes));
    }
    return node.with("keepdims", keep ? 1 : 0).out(tensor.type());
  }

  private static Tensor truth(String operator, TracedCall call, Graph graph) {
    Tensor flags = graph.cast(call.receiver(), DataType.BOOLEAN);
    Tensor numbers = graph.cast(flags, DataType.INT32);
    return graph.cast(reduce(operator, numbers, new long[0], false, graph), DataType.BOOLEAN);
  }

  /// `norm(keepDims)` over everything, `norm(order, axes, keepDims)` over some axes.
  private static Tensor norm(TracedCall call, Graph graph) {
    Tensor tensor = graph.cast(call.receiver(), call.type());
    return call.arguments() == 1
        ? norm(tensor, 2, new long[0], call.flag(0), graph)
        : norm(tensor, call.number(0), call.integers(1), call.flag(2), graph);
  }

  private static Tensor norm(Tensor tensor, double p, long[] axes, boolean keep, Graph graph) {
    if (p == 1 || p == 2) {
      return reduce(p == 1 ? "ReduceL1" : "ReduceL2", tensor, axes, keep, graph);
    }
    Tensor size = graph.node("Abs").in(tensor).out(tensor.type());
    Tensor powers = Elementwise.power(size, p, graph);
    Tensor sum = reduce("ReduceSum", powers, axes, keep, graph);
    return Elementwise.power(sum, 1 / p, graph);
  }

  /// The tensor over its norm along an axis, or over epsilon where the norm is less.
  private static Tensor normalize(TracedCall call, Graph graph) {
    Tensor tensor = call.receiver();
    Tensor norm = norm(tensor, call.number(0), new long[] {call.integer(1)}, true, graph);
    Tensor least = graph.number(call.number(2), call.type());
    Tensor divisor = graph.node("Max").in(norm, least).out(call.type());
    return graph.node("Div").in(tensor, divisor).out(call.type());
  }

  private static Tensor cumulated(TracedCall call, Graph graph) {
    int axis = call.arguments() > 0 ? call.integer(0) : 0;
    Tensor tensor = graph.cast(call.receiver(), call.type());
    return graph.node("CumSum").in(tensor, graph.number(axis, DataType.INT64)).out(call.type());
  }

  private static Tensor place(String operator, TracedCall call, Graph graph) {
    Tensor tensor = number(call.receiver(), graph);
    if (call.arguments() == 0) {
      tensor = graph.node("Reshape").in(tensor, graph.integers(-1)).out(tensor.type());
    }
    return graph
        .node(operator)
        .in(tensor)
        .with("axis", call.arguments() == 0 ? 0 : call.integer(0))
        .with("keepdims", 0)
        .out(DataType.INT64);
  }

  /// Booleans as numbers, which have an order in ONNX.
  private static Tensor number(Tensor tensor, Graph graph) {
    return tensor.type() == DataType.BOOLEAN ? graph.cast(tensor, DataType.INT32) : tensor;
  }

  private static List<Tensor> top(TracedCall call, Graph graph) {
    Tensor count = graph.sizes(List.of(call.size(0)));
    return top(call.receiver(), count, call.integer(1), call.flag(2), call.flag(3), graph);
  }

  private static List<Tensor> top(
      Tensor tensor, Tensor count, int axis, boolean largest, boolean sorted, Graph graph) {
    return graph
        .node("TopK")
        .in(tensor, count)
        .with("axis", axis)
        .with("largest", largest ? 1 : 0)
        .with("sorted", sorted ? 1 : 0)
        .outs(List.of(tensor.type(), DataType.INT64));
  }

  /// Values and places in rising order.
  private static List<Tensor> sorted(TracedCall call, int axis, Graph graph) {
    Tensor tensor = call.receiver();
    return top(tensor, graph.sizes(List.of(size(call, axis))), axis, false, true, graph);
  }

  private static Size size(TracedCall call, int axis) {
    List<Size> shape = call.shape(call.receiver());
    return shape.get(axis < 0 ? axis + shape.size() : axis);
  }

  private static Tensor order(TracedCall call, Graph graph) {
    Tensor rising = sorted(call, call.integer(0), graph).get(1);
    return call.flag(1) ? rising : Shaping.flipped(rising, new long[] {call.integer(0)}, graph);
  }

  /// The lower of the two in the middle where there are two.
  private static Tensor median(TracedCall call, Graph graph) {
    int axis = call.arguments() == 0 ? -1 : (int) call.integers(0)[0];
    Tensor values = sorted(call, axis, graph).getFirst();
    Tensor last =
        graph
            .node("Sub")
            .in(graph.size(size(call, axis)), graph.number(1, DataType.INT64))
            .out(DataType.INT64);
    Tensor middle = graph.node("Div").in(last, graph.number(2, DataType.INT64)).out(DataType.INT64);
    return graph.node("Gather").in(values, middle).with("axis", axis).out(call.type());
  }

  private static Tensor along(String operator, TracedCall call, Graph graph) {
    return graph
        .node(operator)
        .in(graph.cast(call.receiver(), call.type()))
        .with("axis", call.integer(0))
        .out(call.type());
  }
}
