package mmct.api;

import org.jspecify.annotations.Nullable;

/// A mistake or a mishap that a user can act on, told in one sentence: the rule, the value, and
/// where the value came from. The program prints the message alone and exits with 1.
public class MmctException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Creates an exception from one sentence.
  public MmctException(String message) {
    super(message);
  }

  /// Creates an exception from one sentence and what caused it.
  public MmctException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
