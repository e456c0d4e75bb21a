package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.Node;
import mmct.eval.onnx.spi.OperatorConverters;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// Layers of neural networks: convolutions, poolings, normalisations, activations.
final class Layers {
  private Layers() {}

  static OperatorConverters table() {
    Table table = new Table();
    activations(table);
    return table
        .one("convolution", Layers::convolution)
        .one("maxPool", (c, g) -> window(g.node("MaxPool").in(c.receiver()), c).out(c.type()))
        .one("avgPool", Layers::average)
        .one("lpPool", Layers::powerPool)
        .one("globalMaxPool", (c, g) -> global("GlobalMaxPool", c, g))
        .one("globalAvgPool", (c, g) -> global("GlobalAveragePool", c, g))
        .one("globalLpPool", Layers::globalPower)
        .one("batchNorm", Layers::batchNorm)
        .one("layerNorm", Layers::layerNorm)
        .one("dropout", Layers::dropout)
        .one("interpolation", Layers::interpolated);
  }

  private static void activations(Table table) {
    table
        .one("relu", (c, g) -> Elementwise.unary("Relu", c, g))
        .one("sigmoid", (c, g) -> Elementwise.unary("Sigmoid", c, g))
        .one("softPlus", (c, g) -> Elementwise.unary("Softplus", c, g))
        .one("softSign", (c, g) -> Elementwise.unary("Softsign", c, g))
        .one("selu", (c, g) -> Elementwise.unary("Selu", c, g))
        .one("gelu", Layers::gelu)
        .one("leakyRelu", (c, g) -> sloped("LeakyRelu", c, g))
        .one("elu", (c, g) -> sloped("Elu", c, g));
  }

  /// x Φ(x), spelled out before operator set 20.
  private static Tensor gelu(TracedCall call, Graph graph) {
    if (graph.operatorSet() >= 20) {
      return Elementwise.unary("Gelu", call, graph);
    }
    DataType type = call.type();
    Tensor x = graph.cast(call.receiver(), type);
    Tensor scaled = Elementwise.scaled(x, Math.sqrt(0.5), graph);
    Tensor erf = graph.node("Erf").in(scaled).out(type);
    Tensor twice = graph.node("Add").in(erf, graph.number(1, type)).out(type);
    Tensor product = graph.node("Mul").in(x, twice).out(type);
    return Elementwise.scaled(product, 0.5, graph);
  }

  private static Tensor sloped(String operator, TracedCall call, Graph graph) {
    return graph
        .node(operator)
        .in(call.receiver())
        .with("alpha", (float) call.number(0))
        .out(call.type());
  }

  /// `convolution(input, weight, bias, stride, padding, dilation, groups)`.
  private static Tensor convolution(TracedCall call, Graph graph) {
    Node node = graph.node("Conv").in(call.tensor(0), call.tensor(1));
    if (call.has(2)) {
      node.in(call.tensor(2));
    }
    return node.with("strides", call.integers(3))
        .with("pads", bothSides(call.integers(4)))
        .with("dilations", call.integers(5))
        .with("group", call.integer(6))
        .out(call.type());
  }

  private static long[] bothSides(long[] padding) {
    return LongStream.concat(Arrays.stream(padding), Arrays.stream(padding)).toArray();
  }

  /// `pool(kernel, stride, padding, ceilMode)`.
  private static Node window(Node node, TracedCall call) {
    return node.with("kernel_shape", call.integers(0))
        .with("strides", call.integers(1))
        .with("pads", bothSides(call.integers(2)))
        .with("ceil_mode", call.flag(3) ? 1 : 0);
  }

  /// The engine counts the padding whatever it is told.
  private static Tensor average(TracedCall call, Graph graph) {
    return window(graph.node("AveragePool").in(call.receiver()), call)
        .with("count_include_pad", 1)
        .out(call.type());
  }

  /// `lpPool(p, kernel, stride, padding, ceilMode)`: the p-th root of the window's sum of p-th
  /// powers, without padding.
  private static Tensor powerPool(TracedCall call, Graph graph) {
    double p = call.number(0);
    long[] kernel = call.integers(1);
    Tensor powers = Elementwise.power(call.receiver(), p, graph);
    Tensor means =
        graph
            .node("AveragePool")
            .in(powers)
            .with("kernel_shape", kernel)
            .with("strides", call.integers(2))
            .with("ceil_mode", call.flag(4) ? 1 : 0)
            .out(call.type());
    double count = Arrays.stream(kernel).reduce(1, (a, b) -> a * b);
    return Elementwise.power(Elementwise.scaled(means, count, graph), 1 / p, graph);
  }

  private static Tensor globalPower(TracedCall call, Graph graph) {
    double p = call.number(0);
    List<Size> shape = call.shape(call.receiver());
    long[] axes = LongStream.range(2, shape.size()).toArray();
    Tensor powers = Elementwise.power(call.receiver(), p, graph);
    Tensor sum =
        graph
            .node("ReduceSum")
            .in(powers, graph.integers(axes))
            .with("keepdims", 0)
            .out(call.type());
    return Elementwise.power(sum, 1 / p, graph);
  }

  /// `[n, c, ...]` to `[n, c]`.
  private static Tensor global(String operator, TracedCall call, Graph graph) {
    Tensor pooled = graph.node(operator).in(call.receiver()).out(call.type());
    return graph.node("Flatten").in(pooled).with("axis", 1).out(call.type());
  }

  /// `batchNorm(input, mean, variance, gamma, beta, axis, momentum, epsilon, training)`.
  private static Tensor batchNorm(TracedCall call, Graph graph) {
    if (call.flag(8)) {
      throw call.refusal("it would use the batch's own statistics");
    }
    Tensor input = call.tensor(0);
    int rank = call.shape(input).size();
    int axis = call.integer(5) == -1 ? 1 : call.integer(5);
    List<Size> channels = call.shape(call.tensor(1));
    Tensor normal =
        graph
            .node("BatchNormalization")
            .in(axis == 1 ? input : Shaping.swap(input, rank, 1, axis, graph))
            .in(call.has(3) ? call.tensor(3) : filled(1, channels, call.type(), graph))
            .in(call.has(4) ? call.tensor(4) : filled(0, channels, call.type(), graph))
            .in(call.tensor(1), call.tensor(2))
            .with("epsilon", (float) call.number(7))
            .out(call.type());
    return axis == 1 ? normal : Shaping.swap(normal, rank, 1, axis, graph);
  }

  private static Tensor filled(double value, List<Size> shape, DataType type, Graph graph) {
    return Shaping.broadcast(graph.number(value, type), graph.sizes(shape), graph);
  }

  /// `layerNorm(input, shape, gamma, beta, epsilon)`.
  private static Tensor layerNorm(TracedCall call, Graph graph) {
    List<Size> shape = call.sizes(1);
    Node node =
        graph
            .node("LayerNormalization")
            .in(call.tensor(0))
            .in(call.has(2) ? call.tensor(2) : filled(1, shape, call.type(), graph));
    if (call.has(3)) {
      node.in(call.tensor(3));
    }
    return node.with("axis", -shape.size())
        .with("epsilon", (float) call.number(4))
        .out(call.type());
  }

  /// `dropout(input, rate, training)`.
  private static Tensor dropout(TracedCall call, Graph graph) {
    if (call.flag(2) && call.number(1) > 0) {
      throw call.refusal("its result is random");
    }
    return call.tensor(0);
  }

  /// `interpolation(size, mode, alignCorners)`; the engine never aligns corners.
  private static Tensor interpolated(TracedCall call, Graph graph) {
    Node node =
        graph
            .node("Resize")
            .in(call.receiver())
            .absent()
            .absent()
            .in(graph.sizes(call.resultShape(0)));
    switch (call.integer(1)) {
      case 0 ->
          node.with("mode", "nearest")
              .with("coordinate_transformation_mode", "asymmetric")
              .with("nearest_mode", "floor");
      case 1 -> {
        requireGrowth(call);
        node.with("mode", "linear").with("coordinate_transformation_mode", "half_pixel");
      }
      default -> throw call.refusal("only the modes nearest and bilinear can");
    }
    return node.out(call.type());
  }

  /// The engine smooths before it takes fewer pixels, with other weights than ONNX.
  private static void requireGrowth(TracedCall call) {
    List<Size> from = call.shape(call.receiver());
    List<Size> to = call.resultShape(0);
    for (int axis = 0; axis < to.size(); axis++) {
      Size less = to.get(axis);
      Size more = from.get(axis);
      int traces = Math.max(less.values().size(), more.values().size());
      if (IntStream.range(0, traces).anyMatch(i -> less.at(i) < more.at(i))) {
        throw call.refusal("the bilinear mode smooths where an axis shrinks, in a way of its own");
      }
    }
  }
}
