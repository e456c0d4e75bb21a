package mmct.api.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/// Folders whose names are on the disk: a file that has been forced is lost all the same where the
/// name of a folder above it has not.
public final class Folders {
  private Folders() {}

  /// The folder of a file.
  public static Path of(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a folder");
  }

  /// Makes a folder and those above it, and forces the name of each new one to the disk.
  public static void create(Path folder) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path it = folder.toAbsolutePath();
        it != null && !Files.isDirectory(it);
        it = it.getParent()) {
      missing.push(it);
    }
    for (Path it : missing) {
      try {
        Files.createDirectory(it);
      } catch (FileAlreadyExistsException e) {
        // Another process was faster, or it is a file.
        if (!Files.isDirectory(it)) {
          throw e;
        }
      }
      force(of(it));
    }
  }

  /// Forces the names in a folder to the disk. Where the folder may not be read, and on systems
  /// that cannot open one, nothing more can be done for them.
  public static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // Windows refuses to open a folder, and so does one that may only be written to.
    }
  }
}
