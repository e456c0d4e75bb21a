package mmct.api.data;

import mmct.api.MmctException;
import org.jspecify.annotations.Nullable;

/// A cell whose content cannot be read: a truncated file, a format nobody knows, a picture of
/// absurd size. In training the sample goes on without that modality and the case is counted;
/// elsewhere it is an error like any other.
public final class BrokenCellException extends MmctException {
  private static final long serialVersionUID = 1L;

  /// Creates an exception from one sentence that names the file.
  public BrokenCellException(String message) {
    super(message);
  }

  /// Creates an exception from one sentence that names the file, and what caused it.
  public BrokenCellException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
