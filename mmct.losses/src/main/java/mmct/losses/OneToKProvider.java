package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `one-to-k`.
public final class OneToKProvider implements LossProvider<OneToKOptions> {
  /// Creates the provider; called by the service loader.
  public OneToKProvider() {}

  @Override
  public String name() {
    return "one-to-k";
  }

  @Override
  public Class<OneToKOptions> options() {
    return OneToKOptions.class;
  }

  @Override
  public String description() {
    return "cross-entropy of one row with several views of another modality at once, both ways";
  }

  @Override
  public Loss create(OneToKOptions options) {
    return new OneToK(options);
  }
}
