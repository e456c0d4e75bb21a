/// The objectives: pure functions of features.
@org.jspecify.annotations.NullMarked
module mmct.losses {
  requires transitive mmct.api;

  exports mmct.losses;

  provides mmct.api.spi.LossProvider with
      mmct.losses.InfoNceProvider,
      mmct.losses.MarginRankingProvider;
}
