package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import mmct.eval.onnx.proto.Message;
import mmct.eval.onnx.proto.OnnxMessages;
import mmct.eval.onnx.spi.Node;
import mmct.eval.onnx.spi.Tensor;

/// A node on its way into a graph.
final class NodeDescription implements Node {
  private final String operator;
  private final GraphBuilder graph;
  private final List<String> inputs = new ArrayList<>();
  private final List<Message> attributes = new ArrayList<>();

  NodeDescription(String operator, GraphBuilder graph) {
    this.operator = operator;
    this.graph = graph;
  }

  @Override
  public Node in(Tensor... tensors) {
    return in(List.of(tensors));
  }

  @Override
  public Node in(List<Tensor> tensors) {
    tensors.forEach(tensor -> inputs.add(tensor.name()));
    return this;
  }

  @Override
  public Node absent() {
    inputs.add("");
    return this;
  }

  private Node with(Message attribute) {
    attributes.add(attribute);
    return this;
  }

  @Override
  public Node with(String attribute, long value) {
    return with(OnnxMessages.attribute(attribute, value));
  }

  @Override
  public Node with(String attribute, long[] values) {
    return with(OnnxMessages.attribute(attribute, values));
  }

  @Override
  public Node with(String attribute, float value) {
    return with(OnnxMessages.attribute(attribute, value));
  }

  @Override
  public Node with(String attribute, String value) {
    return with(OnnxMessages.attribute(attribute, value));
  }

  @Override
  public Node with(String attribute, List<String> values) {
    return with(OnnxMessages.attribute(attribute, values));
  }

  @Override
  public Tensor out(DataType type) {
    return outs(List.of(type)).getFirst();
  }

  @Override
  public List<Tensor> outs(List<DataType> types) {
    return graph.add(operator, inputs, types, attributes);
  }
}
