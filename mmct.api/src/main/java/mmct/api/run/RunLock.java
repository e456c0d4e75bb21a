package mmct.api.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Folders;

/// The right to write a run folder. The operating system takes it back when the process ends,
/// however it ends; the empty file `.lock` stays.
final class RunLock implements AutoCloseable {
  /// The name of the lock's file.
  static final String FILE = ".lock";

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Takes the lock of a folder, which is created.
  ///
  /// @throws MmctException where another process has it, or the folder cannot be written to
  static RunLock take(Path folder) {
    try {
      Folders.create(folder);
      FileChannel channel = AtomicFiles.append(folder.resolve(FILE));
      if (!locked(channel)) {
        channel.close();
        throw new MmctException("another process is writing the run in " + folder);
      }
      return new RunLock(channel);
    } catch (IOException e) {
      throw new MmctException(
          "the run folder %s cannot be written to: %s".formatted(folder, AtomicFiles.reason(e)), e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Somebody in this very process has it.
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new MmctException("the lock of the run cannot be released: " + e.getMessage(), e);
    }
  }
}
