package mmct.api.spi;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/// A trained parameter that belongs to a loss.
///
/// @param name its name within the loss
/// @param shape its shape; [#WIDTH] stands for the width of the space in which the loss compares
/// @param initial the value of every element at the start
/// @param randomness the standard deviation of normal noise added to the initial value
public record LossParameter(String name, Shape shape, double initial, double randomness) {
  /// Stands in a shape for the width d of the objective's space, which a loss does not know when it
  /// says what it needs.
  public static final long WIDTH = -1;

  /// The shape in a space.
  ///
  /// @param width the width d of the space
  public Shape shape(int width) {
    return new Shape(
        Arrays.stream(shape.getShape()).map(size -> size == WIDTH ? width : size).toArray());
  }

  /// A scalar.
  public static LossParameter scalar(String name, double initial) {
    return new LossParameter(name, new Shape(), initial, 0);
  }
}
