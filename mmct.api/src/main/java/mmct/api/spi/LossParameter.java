package mmct.api.spi;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/// A trained parameter that belongs to a loss.
///
/// @param name its name within the loss
/// @param shape its shape; [#WIDTH] stands for the width of the space in which the loss compares
/// @param initial the value of every element at the start
/// @param randomness the standard deviation of normal noise added to the initial value
/// @param kind how the optimiser treats it
public record LossParameter(
    String name, Shape shape, double initial, double randomness, Kind kind) {
  /// Stands in a shape for the width d of the objective's space, which a loss does not know when it
  /// says what it needs.
  public static final long WIDTH = -1;

  /// How an optimiser treats a parameter.
  public enum Kind {
    /// Like a weight of an encoder: weight decay pulls it towards zero.
    WEIGHT,
    /// Without weight decay: a temperature, a scale or a bias, for which zero is no neutral value.
    FREE,
    /// Rows `[c, d]` that are directions, such as prototypes: each has length 1 at the start and is
    /// brought back to it after every update, so that it turns as fast however long it is trained.
    DIRECTIONS
  }

  /// Checks that directions are rows.
  public LossParameter {
    if (kind == Kind.DIRECTIONS && shape.dimension() != 2) {
      throw new IllegalArgumentException(
          "directions are the rows of a matrix but '%s' has the shape %s".formatted(name, shape));
    }
  }

  /// A parameter that is a weight where it has two or more dimensions, and free of weight decay
  /// otherwise.
  ///
  /// @param name its name within the loss
  /// @param shape its shape
  /// @param initial the value of every element at the start
  /// @param randomness the standard deviation of normal noise added to the initial value
  public LossParameter(String name, Shape shape, double initial, double randomness) {
    this(name, shape, initial, randomness, shape.dimension() < 2 ? Kind.FREE : Kind.WEIGHT);
  }

  /// The shape in a space.
  ///
  /// @param width the width d of the space
  public Shape shape(int width) {
    return new Shape(
        Arrays.stream(shape.getShape()).map(size -> size == WIDTH ? width : size).toArray());
  }

  /// A scalar, which is never decayed.
  public static LossParameter scalar(String name, double initial) {
    return new LossParameter(name, new Shape(), initial, 0);
  }

  /// Directions that are spread evenly, as those of normal numbers are.
  ///
  /// @param name its name within the loss
  /// @param count c, the number of rows
  public static LossParameter directions(String name, long count) {
    return new LossParameter(name, new Shape(count, WIDTH), 0, 1, Kind.DIRECTIONS);
  }
}
