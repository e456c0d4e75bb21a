package mmct.api.csv;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.data.DataSource;
import mmct.api.spi.DatasetProvider;

/// Reads a CSV manifest: a header that names columns, then one sample per row, with the quoting of
/// RFC 4180 and in UTF-8. An empty value means that the sample lacks it. Files are named relative
/// to the manifest and opened only when they are needed.
public final class CsvProvider implements DatasetProvider<CsvOptions> {
  private static final List<String> NAMES = List.of("manifest.csv", "labels.csv");

  /// Found by [java.util.ServiceLoader].
  public CsvProvider() {}

  @Override
  public String name() {
    return "csv";
  }

  @Override
  public Class<CsvOptions> options() {
    return CsvOptions.class;
  }

  @Override
  public String description() {
    return "A CSV manifest, or a folder that holds manifest.csv or labels.csv.";
  }

  /// Whether the path is a CSV file or a folder that holds a manifest.
  @Override
  public boolean recognises(Path location) {
    return Files.isDirectory(location)
        ? within(location).isPresent()
        : location.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  @Override
  public DataSource open(CsvOptions options, Request request) {
    Path location =
        request
            .location()
            .orElseThrow(() -> new MmctException("a csv dataset needs a path (data.path)"));
    return CsvSource.read(manifest(location), options, request.modalities());
  }

  private static Path manifest(Path location) {
    if (!Files.isDirectory(location)) {
      return location;
    }
    return within(location)
        .orElseThrow(
            () ->
                new MmctException(
                    "%s holds neither %s".formatted(location, String.join(" nor ", NAMES))));
  }

  private static Optional<Path> within(Path folder) {
    return NAMES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
  }
}
