package mmct.losses;

import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Provides `whitened-cse`.
public final class WhitenedCseProvider implements LossProvider<WhitenedCseOptions> {
  /// Creates the provider; called by the service loader.
  public WhitenedCseProvider() {}

  @Override
  public String name() {
    return "whitened-cse";
  }

  @Override
  public Class<WhitenedCseOptions> options() {
    return WhitenedCseOptions.class;
  }

  @Override
  public String description() {
    return "InfoNCE between views whitened in shuffled groups of channels";
  }

  @Override
  public Loss create(WhitenedCseOptions options) {
    return new WhitenedCse(options);
  }
}
