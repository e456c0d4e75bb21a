package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `symile`.
public final class SymileProvider implements LossProvider<SymileOptions> {
  /// Creates the provider; called by the service loader.
  public SymileProvider() {}

  @Override
  public String name() {
    return "symile";
  }

  @Override
  public Class<SymileOptions> options() {
    return SymileOptions.class;
  }

  @Override
  public String description() {
    return "cross-entropy of the multilinear inner product of two or more modalities";
  }

  @Override
  public Loss create(SymileOptions options) {
    return new Symile(options);
  }
}
