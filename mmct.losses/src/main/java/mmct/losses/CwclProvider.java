package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `cwcl`.
public final class CwclProvider implements LossProvider<CwclOptions> {
  /// Creates the provider; called by the service loader.
  public CwclProvider() {}

  @Override
  public String name() {
    return "cwcl";
  }

  @Override
  public Class<CwclOptions> options() {
    return CwclOptions.class;
  }

  @Override
  public String description() {
    return "cross-entropy between two modalities whose targets follow likeness within the first";
  }

  @Override
  public Loss create(CwclOptions options) {
    return new Cwcl(options);
  }
}
