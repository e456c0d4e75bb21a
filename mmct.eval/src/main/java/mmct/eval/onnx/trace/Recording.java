package mmct.eval.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// What one traced pass did: values are numbered in the order in which they came up.
public final class Recording {
  private final List<Value> values = new ArrayList<>();
  private final Map<Integer, Leaf> leaves = new LinkedHashMap<>();
  private final List<Call> calls = new ArrayList<>();

  /// An array of the pass.
  public record Value(DataType type, Shape shape) {}

  /// A call.
  ///
  /// @param name the method
  /// @param receiver the value whose method was called; empty for a manager's
  /// @param arguments without managers and devices
  /// @param results the values that it returned
  /// @param line where the caller's code made the call
  public record Call(
      String name,
      OptionalInt receiver,
      List<Argument> arguments,
      List<Integer> results,
      String line) {}

  int value(NDArray array) {
    values.add(new Value(array.getDataType(), array.getShape()));
    return values.size() - 1;
  }

  int leaf(Leaf leaf, NDArray array) {
    int value = value(array);
    leaves.put(value, leaf);
    return value;
  }

  void call(Call call) {
    calls.add(call);
  }

  /// The values by number.
  public List<Value> values() {
    return values;
  }

  /// The values that no call returned, by number.
  public Map<Integer, Leaf> leaves() {
    return leaves;
  }

  /// The calls in order.
  public List<Call> calls() {
    return calls;
  }
}
