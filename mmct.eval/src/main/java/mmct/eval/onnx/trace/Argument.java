package mmct.eval.onnx.trace;

import java.util.List;
import java.util.Optional;

/// An argument of a recorded call, without the arrays themselves.
public sealed interface Argument {
  /// An array, by the number of its value.
  record Array(int value) implements Argument {}

  /// A list of arrays, by the numbers of their values.
  record Arrays(List<Integer> values) implements Argument {}

  /// A number.
  record Numeric(Number value) implements Argument {}

  /// Whole numbers: an `int[]`, a `long[]` or a `Shape`.
  record Integers(List<Long> values) implements Argument {}

  /// An `NDIndex`.
  record Index(List<Step> steps) implements Argument {}

  /// Anything else: a flag, an enum's constant, a data type; empty for null.
  record Other(Optional<Object> value) implements Argument {}

  /// An element of an index.
  sealed interface Step {
    /// A whole axis.
    record All() implements Step {}

    /// A new axis.
    record NewAxis() implements Step {}

    /// As many whole axes as are left.
    record Ellipsis() implements Step {}

    /// One place.
    record Fixed(long place) implements Step {}

    /// A stretch.
    record Slice(Optional<Long> from, Optional<Long> to, long step) implements Step {}

    /// Places given by a value.
    record Take(int value) implements Step {}

    /// One place for each element of a value.
    record Pick(int value) implements Step {}

    /// Where a value is true.
    record Mask(int value) implements Step {}
  }
}
