/// The objectives: pure functions of features.
@org.jspecify.annotations.NullMarked
module mmct.losses {
  requires transitive mmct.api;

  exports mmct.losses;

  provides mmct.api.spi.LossProvider with
      mmct.losses.AlbefProvider,
      mmct.losses.AlignmentUniformityProvider,
      mmct.losses.BarlowTwinsProvider,
      mmct.losses.CacrProvider,
      mmct.losses.ClipProvider,
      mmct.losses.CwclProvider,
      mmct.losses.DclProvider,
      mmct.losses.GramProvider,
      mmct.losses.HardContrastiveProvider,
      mmct.losses.ISogClrProvider,
      mmct.losses.InfoNceProvider,
      mmct.losses.M3ColProvider,
      mmct.losses.MarginRankingProvider,
      mmct.losses.MochiProvider,
      mmct.losses.MvDhelProvider,
      mmct.losses.MvInfoNceProvider,
      mmct.losses.OneToKProvider,
      mmct.losses.SiglipProvider,
      mmct.losses.StructureProvider,
      mmct.losses.SwAvProvider,
      mmct.losses.SymileProvider,
      mmct.losses.VicRegProvider,
      mmct.losses.WhitenedCseProvider;
}
