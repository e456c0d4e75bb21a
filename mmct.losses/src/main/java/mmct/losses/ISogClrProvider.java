package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `isogclr`.
public final class ISogClrProvider implements LossProvider<ISogClrOptions> {
  /// Creates the provider; called by the service loader.
  public ISogClrProvider() {}

  @Override
  public String name() {
    return "isogclr";
  }

  @Override
  public Class<ISogClrOptions> options() {
    return ISogClrOptions.class;
  }

  @Override
  public String description() {
    return "robust contrastive loss with a temperature for every sample";
  }

  @Override
  public Loss create(ISogClrOptions options) {
    return new ISogClr(options);
  }
}
