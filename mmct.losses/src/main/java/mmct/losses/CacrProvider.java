package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `cacr`.
public final class CacrProvider implements LossProvider<CacrOptions> {
  /// Creates the provider; called by the service loader.
  public CacrProvider() {}

  @Override
  public String name() {
    return "cacr";
  }

  @Override
  public Class<CacrOptions> options() {
    return CacrOptions.class;
  }

  @Override
  public String description() {
    return "far positives attract more and near negatives repel more";
  }

  @Override
  public Loss create(CacrOptions options) {
    return new Cacr(options);
  }
}
