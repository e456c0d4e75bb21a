package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `info-nce`.
public final class InfoNceProvider implements LossProvider<InfoNceOptions> {
  /// Creates the provider; called by the service loader.
  public InfoNceProvider() {}

  @Override
  public String name() {
    return "info-nce";
  }

  @Override
  public Class<InfoNceOptions> options() {
    return InfoNceOptions.class;
  }

  @Override
  public String description() {
    return "cross-entropy of the own key, and of other positives, against the queue";
  }

  @Override
  public Loss create(InfoNceOptions options) {
    return new InfoNce(options.temperature(), options.margin());
  }
}
