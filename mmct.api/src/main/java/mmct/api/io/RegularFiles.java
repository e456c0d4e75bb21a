package mmct.api.io;

import java.nio.file.Files;
import java.nio.file.Path;
import mmct.api.MmctException;

/// Keeps files that are no files from being read: to open a named pipe waits until somebody writes
/// into it, which may be never, and a device may have no end.
public final class RegularFiles {
  private RegularFiles() {}

  /// Whether something is a named pipe, a socket or a device. Links are followed.
  public static boolean isSpecial(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /// Refuses a named pipe, a socket or a device; of a folder, or where there is nothing, reading
  /// itself says what is wrong.
  ///
  /// @return the file
  /// @throws MmctException where it is such a thing
  public static Path require(Path file) {
    if (isSpecial(file)) {
      throw new MmctException(
          "%s must be a regular file but is a named pipe, a socket or a device".formatted(file));
    }
    return file;
  }
}
