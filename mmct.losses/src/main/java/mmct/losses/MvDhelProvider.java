package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `mv-dhel`.
public final class MvDhelProvider implements LossProvider<MultiViewOptions> {
  /// Creates the provider; called by the service loader.
  public MvDhelProvider() {}

  @Override
  public String name() {
    return "mv-dhel";
  }

  @Override
  public Class<MultiViewOptions> options() {
    return MultiViewOptions.class;
  }

  @Override
  public String description() {
    return "attraction among a row's views, repulsion within each view";
  }

  @Override
  public Loss create(MultiViewOptions options) {
    return new MvDhel(options);
  }
}
