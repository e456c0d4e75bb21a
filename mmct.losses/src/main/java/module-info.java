/// The objectives: pure functions of features.
@org.jspecify.annotations.NullMarked
module mmct.losses {
  requires transitive mmct.api;

  exports mmct.losses;

  provides mmct.api.spi.LossProvider with
      mmct.losses.AlbefProvider,
      mmct.losses.ClipProvider,
      mmct.losses.CwclProvider,
      mmct.losses.DclProvider,
      mmct.losses.HardContrastiveProvider,
      mmct.losses.InfoNceProvider,
      mmct.losses.MarginRankingProvider,
      mmct.losses.MochiProvider,
      mmct.losses.OneToKProvider,
      mmct.losses.SiglipProvider;
}
