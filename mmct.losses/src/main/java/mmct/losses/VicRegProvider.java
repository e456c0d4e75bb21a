package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `vicreg`.
public final class VicRegProvider implements LossProvider<VicRegOptions> {
  /// Creates the provider; called by the service loader.
  public VicRegProvider() {}

  @Override
  public String name() {
    return "vicreg";
  }

  @Override
  public Class<VicRegOptions> options() {
    return VicRegOptions.class;
  }

  @Override
  public String description() {
    return "two views near, components that vary, and not together";
  }

  @Override
  public Loss create(VicRegOptions options) {
    return new VicReg(options);
  }
}
