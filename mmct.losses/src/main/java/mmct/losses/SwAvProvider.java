package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `swav`.
public final class SwAvProvider implements LossProvider<SwAvOptions> {
  /// Creates the provider; called by the service loader.
  public SwAvProvider() {}

  @Override
  public String name() {
    return "swav";
  }

  @Override
  public Class<SwAvOptions> options() {
    return SwAvOptions.class;
  }

  @Override
  public String description() {
    return "predicts the prototypes of one view from the others";
  }

  @Override
  public Loss create(SwAvOptions options) {
    return new SwAv(options);
  }
}
