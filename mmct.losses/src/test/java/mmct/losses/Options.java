package mmct.losses;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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

  /// The loss of a name, behind which options may stand as `key=value`.
  static Loss of(String words) {
    List<String> parts = Pattern.compile(" ").splitAsStream(words).toList();
    Settings options = Settings.empty();
    for (String assignment : parts.subList(1, parts.size())) {
      options = Settings.assignment(assignment).over(options);
    }
    return create(Catalogue.load().loss(parts.getFirst()), options);
  }

  private static <O extends Record> Loss create(LossProvider<O> provider, Settings options) {
    return provider.create(options.bind(provider.options()));
  }
}
