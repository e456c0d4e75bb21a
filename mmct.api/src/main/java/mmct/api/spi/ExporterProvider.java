package mmct.api.spi;

/// A format in which encoders leave the toolkit.
public interface ExporterProvider<O extends Record> extends Provider<O> {
  /// Creates the exporter.
  Exporter create(O options);
}
