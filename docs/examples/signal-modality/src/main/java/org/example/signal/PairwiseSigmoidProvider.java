package org.example.signal;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `pairwise-sigmoid`.
public final class PairwiseSigmoidProvider implements LossProvider<PairwiseSigmoidOptions> {
  /// Called by the service loader.
  public PairwiseSigmoidProvider() {}

  @Override
  public String name() {
    return "pairwise-sigmoid";
  }

  @Override
  public Class<PairwiseSigmoidOptions> options() {
    return PairwiseSigmoidOptions.class;
  }

  @Override
  public String description() {
    return "Each candidate by itself is told to be the query's own key or not.";
  }

  @Override
  public Loss create(PairwiseSigmoidOptions options) {
    return new PairwiseSigmoid(options.scale(), options.bias());
  }
}
