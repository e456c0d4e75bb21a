/// What encoders are worth.
@org.jspecify.annotations.NullMarked
module mmct.eval {
  requires transitive mmct.api;

  exports mmct.eval;

  provides mmct.api.spi.EvaluatorProvider with
      mmct.eval.HealthProvider,
      mmct.eval.KnnProvider,
      mmct.eval.ProbeProvider,
      mmct.eval.RetrievalProvider;
}
