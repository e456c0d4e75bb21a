package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `albef`.
public final class AlbefProvider implements LossProvider<AlbefOptions> {
  /// Creates the provider; called by the service loader.
  public AlbefProvider() {}

  @Override
  public String name() {
    return "albef";
  }

  @Override
  public Class<AlbefOptions> options() {
    return AlbefOptions.class;
  }

  @Override
  public String description() {
    return "cross-entropy between two modalities whose targets the momentum encoders soften";
  }

  @Override
  public Loss create(AlbefOptions options) {
    return new Albef(options);
  }
}
