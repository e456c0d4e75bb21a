package mmct.eval.embed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;

/// A file that grows under another name, `TARGET.part`, and gets its own when it is whole. Only one
/// process at a time can write it.
final class GrowingFile implements AutoCloseable {
  private final Path target;
  private final FileChannel channel;

  /// Opens the unfinished file, or makes one.
  ///
  /// @throws MmctException where another process is writing it, or its name stands for another file
  GrowingFile(Path target) {
    this.target = target;
    try {
      channel = AtomicFiles.unfinished(unfinished(target));
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

  /// The name of a file until it is whole.
  static Path unfinished(Path target) {
    return target.resolveSibling(target.getFileName() + AtomicFiles.UNFINISHED);
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

  /// The SHA-256 of everything written. It is read through the one channel: to close a second one
  /// would give up the lock.
  String digest() {
    try {
      MessageDigest digest = Checksums.sha256();
      ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
      for (long at = 0; channel.read(buffer.clear(), at) >= 0; at += buffer.limit()) {
        digest.update(buffer.flip());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// The file that it will be.
  Path target() {
    return target;
  }

  /// Removes the unfinished file.
  void discard() {
    try {
      channel.close();
      AtomicFiles.delete(unfinished(target));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private MmctException failure(IOException e) {
    return AtomicFiles.failure(target, e);
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
