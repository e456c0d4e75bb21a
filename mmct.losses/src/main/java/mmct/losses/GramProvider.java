package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `gram`.
public final class GramProvider implements LossProvider<GramOptions> {
  /// Creates the provider; called by the service loader.
  public GramProvider() {}

  @Override
  public String name() {
    return "gram";
  }

  @Override
  public Class<GramOptions> options() {
    return GramOptions.class;
  }

  @Override
  public String description() {
    return "cross-entropy of the volume that two or more modalities span";
  }

  @Override
  public Loss create(GramOptions options) {
    return new Gram(options);
  }
}
