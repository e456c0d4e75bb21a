package mmct.losses;

import java.util.Map;
import mmct.api.config.Settings;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;

/// Losses as a configuration makes them.
final class Options {
  private Options() {}

  /// The loss of a name with some of its options.
  static Loss loss(String name, Map<String, ?> options) {
    return create(Catalogue.load().loss(name), Settings.of(options));
  }

  private static <O extends Record> Loss create(LossProvider<O> provider, Settings options) {
    return provider.create(options.bind(provider.options()));
  }
}
