/// The objectives: pure functions of features.
@org.jspecify.annotations.NullMarked
module mmct.losses {
  requires transitive mmct.api;

  exports mmct.losses;

  provides mmct.api.spi.LossProvider with
      mmct.losses.AlignmentUniformityProvider,
      mmct.losses.BarlowTwinsProvider,
      mmct.losses.CacrProvider,
      mmct.losses.GramProvider,
      mmct.losses.ISogClrProvider,
      mmct.losses.InfoNceProvider,
      mmct.losses.M3ColProvider,
      mmct.losses.MarginRankingProvider,
      mmct.losses.MvDhelProvider,
      mmct.losses.MvInfoNceProvider,
      mmct.losses.StructureProvider,
      mmct.losses.SwAvProvider,
      mmct.losses.SymileProvider,
      mmct.losses.VicRegProvider,
      mmct.losses.WhitenedCseProvider;
}
