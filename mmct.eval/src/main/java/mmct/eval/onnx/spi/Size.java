package mmct.eval.onnx.spi;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A whole number of a traced pass, as it was in every trace: one that is the same in all of them
/// is a constant, one that differs follows from the sizes of the inputs.
///
/// @param values its value in each trace
public record Size(List<Long> values) {
  /// Copies the values.
  public Size {
    values = List.copyOf(values);
  }

  /// A number that is the same in all traces.
  public static Size fixed(long value) {
    return new Size(List.of(value));
  }

  /// Whether the number is the same in all traces.
  public boolean isFixed() {
    return values.stream().allMatch(values.getFirst()::equals);
  }

  /// Whether the number is the same in all traces and is this one.
  public boolean is(long value) {
    return values.stream().allMatch(v -> v == value);
  }

  /// The number in the first trace.
  public long first() {
    return values.getFirst();
  }

  /// Whether two numbers were equal in every trace.
  public boolean sameAs(Size other) {
    int traces = Math.max(values.size(), other.values.size());
    return IntStream.range(0, traces).allMatch(i -> at(i) == other.at(i));
  }

  /// The number in one of the traces.
  public long at(int trace) {
    return values.size() == 1 ? values.getFirst() : values.get(trace);
  }

  /// Sizes of fixed numbers.
  public static List<Size> fixed(long... values) {
    return Arrays.stream(values).mapToObj(Size::fixed).toList();
  }
}
