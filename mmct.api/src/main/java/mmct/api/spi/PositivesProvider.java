package mmct.api.spi;

/// A kind of rule that says which queue rows are positives too.
public interface PositivesProvider<O extends Record> extends Provider<O> {
  /// Creates the rule.
  PositivesRule create(O options);
}
