package mmct.eval.onnx;

import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;

/// Example inputs of any size.
///
/// The examples of a request give all inputs one length. Inputs that the block takes with lengths
/// of their own are found here, and vary apart: a file declares them free, so it must not compute
/// one length from the other. The others make up the first group, which the file declares to be of
/// one length.
final class SampleInputs {
  private static final int LENGTH = 5;
  private static final int LONGER = 8;
  private static final int ROWS = 2;

  private final OnnxRequest request;
  private final int[] groups;
  private final int count;

  SampleInputs(OnnxRequest request, PlainPass plain) {
    this.request = request;
    groups = new int[tied(ROWS, 1).size()];
    int found = 1;
    List<Integer> open = open();
    for (int input : open.reversed()) {
      boolean othersAreApart = open.stream().allMatch(i -> i == input || groups[i] > 0);
      if (!othersAreApart && variesAlone(input, plain)) {
        groups[input] = found++;
      }
    }
    count = found;
  }

  /// How many groups of inputs have lengths of their own.
  int groups() {
    return count;
  }

  /// The group of an input.
  int group(int input) {
    return groups[input];
  }

  private int nearest(int length) {
    return request.lengths().map(r -> r.nearest(length)).orElse(1);
  }

  private int longer() {
    return nearest(LONGER) > nearest(LENGTH) ? nearest(LONGER) : nearest(1);
  }

  /// The inputs whose shape follows the length.
  private List<Integer> open() {
    List<HostTensor> some = tied(ROWS, nearest(LENGTH));
    List<HostTensor> others = tied(ROWS, longer());
    return IntStream.range(0, some.size())
        .filter(i -> !some.get(i).shape().equals(others.get(i).shape()))
        .boxed()
        .toList();
  }

  /// Whether the block takes an input that is longer than the others, and one that is shorter.
  private boolean variesAlone(int input, PlainPass plain) {
    for (int own : List.of(nearest(LENGTH), longer())) {
      int other = own == longer() ? nearest(LENGTH) : longer();
      List<HostTensor> mixed = new ArrayList<>(tied(ROWS, other));
      mixed.set(input, tied(ROWS, own).get(input));
      if (plain.outputsIfAny(mixed).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private List<HostTensor> tied(int rows, int length) {
    List<HostTensor> examples = request.examples().of(rows, length);
    if (examples.size() != request.inputNames().size()) {
      throw new MmctException(
          "there must be a name for every input, but %d inputs have the names %s"
              .formatted(examples.size(), request.inputNames()));
    }
    return examples;
  }

  /// Inputs of a size.
  List<HostTensor> of(InputSize size) {
    List<HostTensor> inputs = new ArrayList<>(tied(size.rows(), size.lengths().getFirst()));
    for (int input = 0; input < groups.length; input++) {
      if (groups[input] > 0) {
        inputs.set(input, tied(size.rows(), size.lengths().get(groups[input])).get(input));
      }
    }
    return inputs;
  }

  /// Further inputs of one size, whose floats are turned into ones that random numbers seldom are:
  /// of the other sign, and rounded to halves, so that some are equal to each other, zero, or zero
  /// with a minus. Empty where there are no floats.
  ///
  /// @param rounded whether there may be equal ones
  List<List<HostTensor>> turned(List<HostTensor> inputs, boolean rounded) {
    List<List<HostTensor>> turned = new ArrayList<>();
    if (inputs.stream().anyMatch(SampleInputs::isFloat)) {
      turned.add(turned(inputs, x -> -x));
      if (rounded) {
        turned.add(turned(inputs, x -> Math.rint(2 * x) / 2));
      }
    }
    return turned;
  }

  private static boolean isFloat(HostTensor tensor) {
    return tensor.type() == DataType.FLOAT32 && tensor.scaling().isEmpty();
  }

  private static List<HostTensor> turned(List<HostTensor> inputs, DoubleUnaryOperator change) {
    return inputs.stream().map(input -> isFloat(input) ? turned(input, change) : input).toList();
  }

  private static HostTensor turned(HostTensor tensor, DoubleUnaryOperator change) {
    ByteBuffer from = tensor.data().duplicate().order(ByteOrder.nativeOrder());
    ByteBuffer to = ByteBuffer.allocateDirect(from.remaining()).order(ByteOrder.nativeOrder());
    while (from.hasRemaining()) {
      to.putFloat((float) change.applyAsDouble(from.getFloat()));
    }
    return new HostTensor(to.rewind(), tensor.type(), tensor.shape());
  }
}
