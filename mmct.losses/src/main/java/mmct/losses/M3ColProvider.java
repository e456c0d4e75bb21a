package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `m3col`.
public final class M3ColProvider implements LossProvider<M3ColOptions> {
  /// Creates the provider; called by the service loader.
  public M3ColProvider() {}

  @Override
  public String name() {
    return "m3col";
  }

  @Override
  public Class<M3ColOptions> options() {
    return M3ColOptions.class;
  }

  @Override
  public String description() {
    return "mixtures of two rows find both partners in the other modality; later, targets are soft";
  }

  @Override
  public Loss create(M3ColOptions options) {
    return new M3Col(options);
  }
}
