package mmct.eval.onnx.spi;

import java.util.Optional;

/// One element of an index such as `:, 0, 2:5, ...`.
public sealed interface IndexElement {
  /// A whole axis, `:`.
  record All() implements IndexElement {}

  /// A new axis of size 1, `null`.
  record NewAxis() implements IndexElement {}

  /// As many whole axes as are left, `...`.
  record Ellipsis() implements IndexElement {}

  /// One place of an axis, which the result does not have.
  ///
  /// @param place from the start, or from the end where negative
  record Fixed(Size place) implements IndexElement {}

  /// A stretch of an axis.
  ///
  /// @param from the first place; the start of the axis where absent
  /// @param to the place after the last; the end of the axis where absent
  /// @param step the step between places, positive
  record Slice(Optional<Size> from, Optional<Size> to, Size step) implements IndexElement {}

  /// Places of an axis given by an array.
  ///
  /// @param places whole numbers
  record Take(Tensor places) implements IndexElement {}

  /// One place of the axis for each element of an array.
  ///
  /// @param places whole numbers
  record Pick(Tensor places) implements IndexElement {}

  /// The elements at which an array is true.
  ///
  /// @param mask booleans
  record Mask(Tensor mask) implements IndexElement {}
}
