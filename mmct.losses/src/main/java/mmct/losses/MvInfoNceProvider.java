package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `mv-infonce`.
public final class MvInfoNceProvider implements LossProvider<MultiViewOptions> {
  /// Creates the provider; called by the service loader.
  public MvInfoNceProvider() {}

  @Override
  public String name() {
    return "mv-infonce";
  }

  @Override
  public Class<MultiViewOptions> options() {
    return MultiViewOptions.class;
  }

  @Override
  public String description() {
    return "InfoNCE over several views or modalities, one term per row";
  }

  @Override
  public Loss create(MultiViewOptions options) {
    return new MvInfoNce(options);
  }
}
