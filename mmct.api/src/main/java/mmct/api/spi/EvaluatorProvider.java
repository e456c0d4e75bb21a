package mmct.api.spi;

/// A kind of evaluation.
public interface EvaluatorProvider<O extends Record> extends Provider<O> {
  /// Creates the evaluation.
  Evaluator create(O options);
}
