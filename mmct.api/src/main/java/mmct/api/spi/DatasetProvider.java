package mmct.api.spi;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;

/// A format of datasets.
public interface DatasetProvider<O extends Record> extends Provider<O> {
  /// Whether this provider recognises the path as its own; must be cheap (names, not contents).
  boolean recognises(Path location);

  /// Opens a dataset.
  ///
  /// @throws mmct.api.MmctException where something is wrong with the files; the message names the
  ///     file and the line or key
  DataSource open(O options, Request request);

  /// What is asked of a dataset.
  ///
  /// @param location the path given by the user; empty for generated data
  /// @param modalities by modality name, the columns to read it from; a source reads what it has
  ///     and leaves the others absent
  record Request(Optional<Path> location, Map<String, Columns> modalities) {}
}
