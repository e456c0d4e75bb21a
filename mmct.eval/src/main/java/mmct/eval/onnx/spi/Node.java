package mmct.eval.onnx.spi;

import ai.djl.ndarray.types.DataType;
import java.util.List;

/// A node that is being described: inputs first, then attributes, then the results, which add it to
/// the graph.
public interface Node {
  /// Adds inputs.
  Node in(Tensor... inputs);

  /// Adds inputs.
  Node in(List<Tensor> inputs);

  /// Leaves an optional input out that is followed by others.
  Node absent();

  /// Sets an integer attribute.
  Node with(String attribute, long value);

  /// Sets an attribute of several integers.
  Node with(String attribute, long[] values);

  /// Sets an attribute that is a float.
  Node with(String attribute, float value);

  /// Sets a text attribute.
  Node with(String attribute, String value);

  /// Sets an attribute of several texts.
  Node with(String attribute, List<String> values);

  /// Adds the node, which has one result of the type given.
  Tensor out(DataType type);

  /// Adds the node, which has several results of the types given.
  List<Tensor> outs(List<DataType> types);
}
