package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `hard-contrastive`.
public final class HardContrastiveProvider implements LossProvider<HardContrastiveOptions> {
  /// Creates the provider; called by the service loader.
  public HardContrastiveProvider() {}

  @Override
  public String name() {
    return "hard-contrastive";
  }

  @Override
  public Class<HardContrastiveOptions> options() {
    return HardContrastiveOptions.class;
  }

  @Override
  public String description() {
    return "InfoNCE over each query's nearest negatives alone";
  }

  @Override
  public Loss create(HardContrastiveOptions options) {
    return new HardContrastive(options);
  }
}
