package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `mochi`.
public final class MochiProvider implements LossProvider<MochiOptions> {
  /// Creates the provider; called by the service loader.
  public MochiProvider() {}

  @Override
  public String name() {
    return "mochi";
  }

  @Override
  public Class<MochiOptions> options() {
    return MochiOptions.class;
  }

  @Override
  public String description() {
    return "a loss of the queue with further negatives mixed from each query's nearest (MoCHi)";
  }

  @Override
  public Loss create(MochiOptions options) {
    return new Mochi(options);
  }
}
