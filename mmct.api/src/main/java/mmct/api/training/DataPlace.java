package mmct.api.training;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.spi.Catalogue;
import mmct.api.spi.DatasetProvider;
import mmct.api.spi.Provider;
import mmct.api.training.RunConfig.DataConfig;

/// Where the samples come from: finds the provider that reads a place of data.
///
/// @param config the typed form
/// @param settings the same as it was written
/// @param catalogue where providers are found
record DataPlace(DataConfig config, Settings settings, Catalogue catalogue) {
  /// Opens the data of the run, or of another place.
  ///
  /// @param instead a path that takes the place of the configured one
  /// @param columns by modality name, the columns it is read from
  DataSource open(Optional<Path> instead, Map<String, Columns> columns) {
    Optional<Path> path = instead.or(config::path);
    DatasetProvider<?> provider =
        instead.isPresent() ? catalogue.datasetAt(path.get()) : provider(path);
    // Options belong to the configured place; another place may be of another format.
    Settings options = instead.isPresent() ? Settings.empty() : config.options();
    return open(provider, options, new DatasetProvider.Request(path, columns));
  }

  private static <O extends Record> DataSource open(
      DatasetProvider<O> provider, Settings options, DatasetProvider.Request request) {
    return provider.open(options.bind(provider.options()), request);
  }

  private DatasetProvider<?> provider(Optional<Path> path) {
    Optional<String> type = config.type();
    if (type.isPresent()) {
      return Resolution.located(settings, "type", () -> catalogue.dataset(type.get()));
    }
    return catalogue.datasetAt(
        path.orElseThrow(
            () ->
                new ConfigurationException(
                    "data needs a path (--data PATH) or a type; types: " + types())));
  }

  private String types() {
    return catalogue.datasets().stream().map(Provider::name).collect(Collectors.joining(", "));
  }
}
