/// What encoders are worth.
@org.jspecify.annotations.NullMarked
module mmct.eval {
  requires transitive mmct.api;

  exports mmct.eval;

  provides mmct.api.spi.EvaluatorProvider with
      mmct.eval.RetrievalProvider,
      mmct.eval.TaggingProvider;
}
