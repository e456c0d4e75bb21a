package mmct.api.spi;

/// A format in which encoders leave the toolkit.
public interface ExporterProvider<O extends Record> extends Provider<O> {
  /// Creates the exporter.
  ///
  /// @param catalogue what else is there, such as services by which plug-ins add to a format
  Exporter create(O options, Catalogue catalogue);
}
