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
        .one("max", (c, g) -> extreme("ReduceMax", c, g))
        .one("min", (c, g) -> extreme("ReduceMin", c, g))
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
    return reduced(operator, graph.cast(call.receiver(), call.type()), call, graph);
  }

  private static Tensor reduced(String operator, Tensor tensor, TracedCall call, Graph graph) {
    Tensor wide = graph.cast(tensor, Types.computed(tensor.type()));
    return call.arguments() == 0
        ? reduce(operator, wide, new long[0], false, graph)
        : reduce(operator, wide, call.integers(0), call.flag(1), graph);
  }

  /// The largest or least; in the engine no number where one of them is none.
  private static Tensor extreme(String operator, TracedCall call, Graph graph) {
    Tensor found = reduced(operator, call, graph);
    DataType type = call.type();
    if (Types.isWhole(type)) {
      return found;
    }
    Tensor none = graph.node("IsNaN").in(call.receiver()).out(DataType.BOOLEAN);
    Tensor any = reduced("ReduceMax", graph.cast(none, DataType.INT32), call, graph);
    Tensor unknown = graph.cast(any, DataType.BOOLEAN);
    return graph.node("Where").in(unknown, graph.number(Double.NaN, type), found).out(type);
  }

  private static Tensor reduce(
      String operator, Tensor tensor, long[] axes, boolean keep, Graph graph) {
    Node node = graph.node(operator).in(tensor);
    if (axes.length > 0 && (operator.equals("ReduceSum") || graph.operatorSet() >= 18)) {
      node.in(graph.integers(axes));
    } else if (axes.length > 0) {
      node.with("axes", axes);
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
        ? norm(tensor, 2, new long[0], call.flag(0), call, graph)
        : norm(tensor, call.number(0), call.integers(1), call.flag(2), call, graph);
  }

  private static Tensor norm(
      Tensor tensor, double p, long[] axes, boolean keep, TracedCall call, Graph graph) {
    if (p == 1 || p == 2) {
      return reduce(p == 1 ? "ReduceL1" : "ReduceL2", tensor, axes, keep, graph);
    }
    if (p <= 0) {
      throw call.refusal("only norms of positive order can");
    }
    Tensor size = graph.node("Abs").in(tensor).out(tensor.type());
    Tensor powers = Elementwise.power(size, p, graph);
    Tensor sum = reduce("ReduceSum", powers, axes, keep, graph);
    return Elementwise.power(sum, 1 / p, graph);
  }

  /// The tensor over its norm along an axis, or over epsilon where the norm is less.
  private static Tensor normalize(TracedCall call, Graph graph) {
    Tensor tensor = call.receiver();
    Tensor norm = norm(tensor, call.number(0), new long[] {call.integer(1)}, true, call, graph);
    Tensor least = graph.number(call.number(2), call.type());
    Tensor divisor = graph.node("Max").in(norm, least).out(call.type());
    return graph.node("Div").in(tensor, divisor).out(call.type());
  }

  private static Tensor cumulated(TracedCall call, Graph graph) {
    int axis = call.arguments() > 0 ? call.integer(0) : 0;
    DataType type = Types.computed(call.type());
    Tensor tensor = graph.cast(graph.cast(call.receiver(), call.type()), type);
    Tensor sums = graph.node("CumSum").in(tensor, graph.number(axis, DataType.INT64)).out(type);
    // The engine begins with 0, which takes the sign off a negative zero.
    return Types.isWhole(type) ? sums : graph.node("Add").in(sums, graph.number(0, type)).out(type);
  }

  /// The first place of the largest or least. ONNX Runtime finds it among 64-bit whole numbers only
  /// by putting them in order.
  private static Tensor place(String operator, TracedCall call, Graph graph) {
    boolean largest = operator.equals("ArgMax");
    Tensor tensor = orderable(call.receiver(), largest, graph);
    if (call.arguments() == 0) {
      tensor = Shaping.flat(tensor, graph);
    }
    int axis = call.arguments() == 0 ? 0 : call.integer(0);
    if (tensor.type() == DataType.INT64) {
      Tensor first = top(tensor, graph.integers(1), axis, largest, true, graph).get(1);
      return graph.node("Squeeze").in(first, graph.integers(axis)).out(DataType.INT64);
    }
    return graph
        .node(operator)
        .in(tensor)
        .with("axis", axis)
        .with("keepdims", 0)
        .out(DataType.INT64);
  }

  /// Numbers in the engine's order, for which what is not a number is above infinity: infinity
  /// becomes the largest number and what is none becomes infinity. Where only the least is asked
  /// for, what is not a number comes first.
  private static Tensor orderable(Tensor tensor, boolean above, Graph graph) {
    DataType type = tensor.type();
    if (Types.isWhole(type)) {
      return graph.cast(tensor, Types.computed(type));
    }
    double largest = above ? Types.largest(type) : -Types.largest(type);
    double limit = above ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    Tensor finite =
        graph.node(above ? "Min" : "Max").in(tensor, graph.number(largest, type)).out(type);
    Tensor none = graph.node("IsNaN").in(tensor).out(DataType.BOOLEAN);
    return graph.node("Where").in(none, graph.number(limit, type), finite).out(type);
  }

  private static List<Tensor> top(TracedCall call, Graph graph) {
    Tensor count = graph.sizes(List.of(call.size(0)));
    return ordered(call.receiver(), count, call.integer(1), call.flag(2), call.flag(3), graph);
  }

  /// The values and places of the largest or least.
  private static List<Tensor> ordered(
      Tensor tensor, Tensor count, int axis, boolean largest, boolean sorted, Graph graph) {
    Tensor keys = orderable(tensor, true, graph);
    List<Tensor> found = top(keys, count, axis, largest, sorted, graph);
    if (Types.isWhole(tensor.type())) {
      return List.of(graph.cast(found.getFirst(), tensor.type()), found.get(1));
    }
    return List.of(Indexing.elementsAt(tensor, found.get(1), axis, graph), found.get(1));
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
    Tensor count = graph.sizes(List.of(size(call, axis)));
    return ordered(tensor, count, axis, false, true, graph);
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
    Tensor found = graph.node("Gather").in(values, middle).with("axis", axis).out(call.type());
    if (Types.isWhole(call.type())) {
      return found;
    }
    // What is not a number stands last, and makes the median none.
    Tensor most = graph.node("Gather").in(values, last).with("axis", axis).out(call.type());
    Tensor none = graph.node("IsNaN").in(most).out(DataType.BOOLEAN);
    return graph.node("Where").in(none, most, found).out(call.type());
  }

  private static Tensor along(String operator, TracedCall call, Graph graph) {
    return graph
        .node(operator)
        .in(graph.cast(call.receiver(), call.type()))
        .with("axis", call.integer(0))
        .out(call.type());
  }
}
