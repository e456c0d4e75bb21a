package mmct.cli.plugin;

import java.util.Set;

/// Why a jar is no plugin that can be used.
final class UnusableJarException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Set<String> kinds;

  /// @param kinds of what kinds its providers are; empty where that is not known
  /// @param reason why, and the remedy
  UnusableJarException(Set<String> kinds, String reason) {
    super(reason);
    this.kinds = Set.copyOf(kinds);
  }

  Set<String> kinds() {
    return kinds;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
