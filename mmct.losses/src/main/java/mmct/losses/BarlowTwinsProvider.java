package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `barlow-twins`.
public final class BarlowTwinsProvider implements LossProvider<BarlowTwinsOptions> {
  /// Creates the provider; called by the service loader.
  public BarlowTwinsProvider() {}

  @Override
  public String name() {
    return "barlow-twins";
  }

  @Override
  public Class<BarlowTwinsOptions> options() {
    return BarlowTwinsOptions.class;
  }

  @Override
  public String description() {
    return "correlations between the components of two views become the identity";
  }

  @Override
  public Loss create(BarlowTwinsOptions options) {
    return new BarlowTwins(options);
  }
}
