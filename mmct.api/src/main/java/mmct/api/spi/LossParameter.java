package mmct.api.spi;

import ai.djl.ndarray.types.Shape;

/// A trained parameter that belongs to a loss.
///
/// @param name its name within the loss
/// @param shape its shape
/// @param initial the value of every element at the start
/// @param randomness the standard deviation of normal noise added to the initial value
public record LossParameter(String name, Shape shape, double initial, double randomness) {
  /// A scalar.
  public static LossParameter scalar(String name, double initial) {
    return new LossParameter(name, new Shape(), initial, 0);
  }
}
