package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.Optional;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.Node;
import mmct.eval.onnx.spi.OperatorConverters;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// Products of matrices, linear layers and tables of vectors.
final class Matrices {
  private Matrices() {}

  static OperatorConverters table() {
    return new Table()
        .one("matMul", (c, g) -> product(c.receiver(), c.tensor(0), c.type(), g))
        .one("batchMatMul", (c, g) -> product(c.receiver(), c.tensor(0), c.type(), g))
        .one("dot", (c, g) -> product(c.receiver(), c.tensor(0), c.type(), g))
        .one("linear", Matrices::linear)
        .one("embedding", Matrices::embedding);
  }

  private static Tensor product(Tensor one, Tensor other, DataType type, Graph graph) {
    DataType computed = Types.computed(type);
    return graph
        .node("MatMul")
        .in(graph.cast(one, computed), graph.cast(other, computed))
        .out(computed);
  }

  /// `linear(input, weight, bias)` with the weight as `[out, in]`.
  private static Tensor linear(TracedCall call, Graph graph) {
    Tensor input = call.tensor(0);
    Tensor weight = call.tensor(1);
    Optional<Tensor> bias = call.has(2) ? Optional.of(call.tensor(2)) : Optional.empty();
    if (call.shape(input).size() == 2) {
      Node node = graph.node("Gemm").in(input, weight);
      bias.ifPresent(node::in);
      return node.with("transB", 1).out(call.type());
    }
    Tensor turned = Shaping.transpose(weight, graph, 1, 0);
    Tensor product = product(input, turned, call.type(), graph);
    return bias.map(b -> graph.node("Add").in(product, b).out(call.type())).orElse(product);
  }

  private static Tensor embedding(TracedCall call, Graph graph) {
    Tensor ids = graph.cast(call.tensor(0), DataType.INT64);
    return graph.node("Gather").in(call.tensor(1), ids).out(call.type());
  }
}
