package mmct.api.config;

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

  /// Creates an exception from one sentence and what caused it.
  public ConfigurationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
