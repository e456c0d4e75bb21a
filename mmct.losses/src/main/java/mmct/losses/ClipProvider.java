package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `clip`.
public final class ClipProvider implements LossProvider<ClipOptions> {
  /// Creates the provider; called by the service loader.
  public ClipProvider() {}

  @Override
  public String name() {
    return "clip";
  }

  @Override
  public Class<ClipOptions> options() {
    return ClipOptions.class;
  }

  @Override
  public String description() {
    return "cross-entropy among the rows of a batch between two modalities, both ways (CLIP, ConVIRT, ALIGN)";
  }

  @Override
  public Loss create(ClipOptions options) {
    return new Clip(options);
  }
}
