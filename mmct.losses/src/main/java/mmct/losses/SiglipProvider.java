package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `siglip`.
public final class SiglipProvider implements LossProvider<SiglipOptions> {
  /// Creates the provider; called by the service loader.
  public SiglipProvider() {}

  @Override
  public String name() {
    return "siglip";
  }

  @Override
  public Class<SiglipOptions> options() {
    return SiglipOptions.class;
  }

  @Override
  public String description() {
    return "each pair of rows of two modalities by itself is told to belong together or not";
  }

  @Override
  public Loss create(SiglipOptions options) {
    return new Siglip(options);
  }
}
