package mmct.api.config;

import java.util.Set;
import mmct.api.MmctException;
import org.jspecify.annotations.Nullable;

/// A configuration that cannot be used: the message names the key's path, the value, what is
/// allowed and where the value was written.
public final class ConfigurationException extends MmctException {
  private static final long serialVersionUID = 1L;

  /// Creates an exception from one sentence.
  public ConfigurationException(String message) {
    super(message);
  }

  /// A key that names a part of the configuration which is not there.
  ///
  /// @param path of the key
  /// @param kind of the part
  /// @param name that was written
  /// @param where it was written, as [Settings#where] gives it
  /// @param there the names of the parts that there are
  public static ConfigurationException notConfigured(
      String path, String kind, String name, String where, Set<String> there) {
    return new ConfigurationException(
        "%s names the %s '%s', which is not configured%s%s; there are: %s"
            .formatted(
                path,
                kind,
                name,
                where,
                NearName.suggestion(name, there),
                there.isEmpty() ? "none" : String.join(", ", there)));
  }

  /// Creates an exception from one sentence and what caused it.
  public ConfigurationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
