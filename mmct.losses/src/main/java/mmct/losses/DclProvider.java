package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `dcl`.
public final class DclProvider implements LossProvider<DclOptions> {
  /// Creates the provider; called by the service loader.
  public DclProvider() {}

  @Override
  public String name() {
    return "dcl";
  }

  @Override
  public Class<DclOptions> options() {
    return DclOptions.class;
  }

  @Override
  public String description() {
    return "InfoNCE whose denominator is without the own key, weighted if wished (DCL, DCLW)";
  }

  @Override
  public Loss create(DclOptions options) {
    return new Dcl(options);
  }
}
