package mmct.eval.onnx.spi;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import mmct.api.MmctException;

/// One call of a method of `NDArray`, `NDArrayEx` or `NDManager` in a traced pass. Arguments are
/// counted from 0 as the method has them, without managers and devices.
public interface TracedCall {
  /// The name of the method.
  String name();

  /// The array whose method was called.
  Tensor receiver();

  /// How many arguments there are.
  int arguments();

  /// Whether an argument is an array or a list of arrays.
  boolean isTensor(int argument);

  /// Whether an argument is a number, of whatever type, that was whole in every trace.
  boolean isWhole(int argument);

  /// Whether an argument is several whole numbers: an `int[]`, a `long[]` or a `Shape`.
  boolean isList(int argument);

  /// Whether an argument was given, and not null.
  boolean has(int argument);

  /// An argument that is an array.
  Tensor tensor(int argument);

  /// An argument that is a list of arrays.
  List<Tensor> tensors(int argument);

  /// An argument that is an array or a number, as a tensor; a number has shape `[]` and the type
  /// that the engine gives it.
  Tensor operand(int argument);

  /// An argument that is a whole number and does not depend on the inputs.
  ///
  /// @throws MmctException where it does
  int integer(int argument);

  /// An argument of whole numbers (`int[]`, `long[]`, `Shape`) that do not depend on the inputs.
  ///
  /// @throws MmctException where they do
  long[] integers(int argument);

  /// An argument that is a whole number.
  Size size(int argument);

  /// An argument of whole numbers (`int[]`, `long[]`, `Shape`).
  List<Size> sizes(int argument);

  /// An argument that is a number and does not depend on the inputs.
  ///
  /// @throws MmctException where it does
  double number(int argument);

  /// An argument that is true or false.
  boolean flag(int argument);

  /// An argument of any other class, such as an enum's constant or a data type.
  <T> T value(int argument, Class<T> type);

  /// The elements of an argument that is an `NDIndex`.
  List<IndexElement> index(int argument);

  /// The shape of the receiver or of an argument.
  List<Size> shape(Tensor tensor);

  /// The element types of the results, usually one.
  List<DataType> types();

  /// The element type of the first result.
  default DataType type() {
    return types().getFirst();
  }

  /// The shape of one of the results.
  List<Size> resultShape(int result);

  /// A refusal that names the operation and the caller's line.
  ///
  /// @param why what cannot be exported, continuing the sentence "... cannot be exported: "
  MmctException refusal(String why);
}
