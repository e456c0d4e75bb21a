package mmct.api.spi;

/// A kind of objective.
public interface LossProvider<O extends Record> extends Provider<O> {
  /// Creates the loss.
  Loss create(O options);
}
