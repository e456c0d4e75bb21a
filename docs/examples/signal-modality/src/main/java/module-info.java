/// A modality for series of numbers, and a loss. Dropped into `plugins/` as a jar, both can be
// named
/// in a configuration.
module org.example.signal {
  requires mmct.api;

  exports org.example.signal;

  provides mmct.api.spi.ModalityProvider with
      org.example.signal.SignalProvider;
  provides mmct.api.spi.LossProvider with
      org.example.signal.PairwiseSigmoidProvider;
}
