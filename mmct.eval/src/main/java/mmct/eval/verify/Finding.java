package mmct.eval.verify;

import java.nio.file.Path;

/// What is known of a file.
///
/// @param file the file
/// @param state how sure it is
/// @param reason what was compared, or what is wrong, in a few words
public record Finding(Path file, State state, String reason) {
  /// How sure it is that a file is as it was written.
  public enum State {
    /// Its SHA-256 is the one that was written with it.
    INTACT,
    /// It can be read, as far as that can be told, but carries no checksum.
    UNPROVEN,
    /// It is not as it was written, or is missing.
    DAMAGED
  }
}
