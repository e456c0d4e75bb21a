package mmct.api.spi;

/// What every service provider has: a name by which the configuration calls it and an options
/// record that the configuration binds to. Providers are stateless and have a public
/// constructor without arguments; they are found with [java.util.ServiceLoader].
///
/// @param <O> the options; each component carries a [mmct.api.config.Setting]
public interface Provider<O extends Record> {
  /// The name in the configuration, in `kebab-case`.
  String name();

  /// The options record, public and in an exported package.
  Class<O> options();

  /// One sentence for `mmct list` and the reference.
  String description();
}
