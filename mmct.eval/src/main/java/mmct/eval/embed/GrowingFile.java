package mmct.eval.embed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;

/// A file that grows under another name, `TARGET.part`, and gets its own when it is whole. Only one
/// process at a time can write it.
final class GrowingFile implements AutoCloseable {
  private final Path target;
  private final FileChannel channel;

  /// Opens the unfinished file, or makes one.
  GrowingFile(Path target) {
    this.target = target;
    try {
      Files.createDirectories(
          Objects.requireNonNull(target.toAbsolutePath().getParent(), "a file has a folder"));
      channel =
          FileChannel.open(
              unfinished(target),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      lock();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void lock() throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // The same process is at it.
    }
    channel.close();
    throw new MmctException(target + " is being written already");
  }

  private static Path unfinished(Path target) {
    return Path.of(target + AtomicFiles.UNFINISHED);
  }

  /// The bytes that have been written.
  long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Takes back everything but the first bytes.
  void keep(long bytes) {
    try {
      channel.truncate(bytes);
      channel.position(bytes);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Writes behind everything that has been written.
  void append(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Writes over the beginning.
  void begin(ByteBuffer bytes) {
    try {
      for (long at = 0; bytes.hasRemaining(); ) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Makes sure that everything written is on the disk.
  void force() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Gives the file its name.
  void finish() {
    try {
      channel.force(true);
      Files.move(unfinished(target), target, StandardCopyOption.ATOMIC_MOVE);
      channel.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Removes the unfinished file.
  void discard() {
    try {
      channel.close();
      Files.deleteIfExists(unfinished(target));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private MmctException failure(IOException e) {
    return new MmctException(
        "%s cannot be written: %s".formatted(target, AtomicFiles.reason(e)), e);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
