package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `structure`.
public final class StructureProvider implements LossProvider<StructureOptions> {
  /// Creates the provider; called by the service loader.
  public StructureProvider() {}

  @Override
  public String name() {
    return "structure";
  }

  @Override
  public Class<StructureOptions> options() {
    return StructureOptions.class;
  }

  @Override
  public String description() {
    return "keeps the neighbourhoods of the backbone's features after projection";
  }

  @Override
  public Loss create(StructureOptions options) {
    return new Structure(options);
  }
}
