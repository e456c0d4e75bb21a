package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `alignment-uniformity`.
public final class AlignmentUniformityProvider implements LossProvider<AlignmentUniformityOptions> {
  /// Creates the provider; called by the service loader.
  public AlignmentUniformityProvider() {}

  @Override
  public String name() {
    return "alignment-uniformity";
  }

  @Override
  public Class<AlignmentUniformityOptions> options() {
    return AlignmentUniformityOptions.class;
  }

  @Override
  public String description() {
    return "pulls views together and spreads rows evenly over the sphere";
  }

  @Override
  public Loss create(AlignmentUniformityOptions options) {
    return new AlignmentUniformity(options);
  }
}
