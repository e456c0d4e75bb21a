package mmct.cli.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import mmct.cli.reliability.FaultyFileSystem.Change;
import mmct.cli.reliability.FaultyFileSystem.Disk;

/// Disks on which something goes wrong.
final class Disks {
  private Disks() {}

  /// A disk that works, and writes down every change.
  static final class Recording implements Disk {
    private final List<Change> changes = new ArrayList<>();

    @Override
    public synchronized void before(Change change) {
      changes.add(change);
    }

    List<Change> changes() {
      return List.copyOf(changes);
    }
  }

  /// The disk of a process that ends with its `last`-th change: half of it, where it is a write,
  /// and nothing of what follows.
  static final class Killing implements Disk {
    private final int last;
    private final List<FileChannel> open = new ArrayList<>();
    private int changes;

    Killing(int last) {
      this.last = last;
    }

    @Override
    public synchronized void before(Change change) {
      if (++changes >= last) {
        throw new ProcessKilled(changes == last);
      }
    }

    @Override
    public synchronized void opened(FileChannel channel) {
      open.add(channel);
    }

    /// Does a task until it is killed, whatever it makes of that; the system then closes its files.
    ///
    /// @return whether it was killed
    boolean kills(Runnable task) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        if (!ended()) {
          throw e;
        }
      }
      for (FileChannel channel : open) {
        try {
          channel.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return ended();
    }

    private synchronized boolean ended() {
      return changes >= last;
    }
  }

  /// A disk that refuses its `first`-th change.
  ///
  /// @param reason what the operating system says
  /// @param andAllAfter whether it refuses all later ones that need space too
  static Disk refusing(int first, String reason, boolean andAllAfter) {
    return new Disk() {
      private int changes;

      @Override
      public synchronized void before(Change change) throws IOException {
        changes++;
        if (changes == first || (andAllAfter && changes > first && needsSpace(change))) {
          throw new FileSystemException(change.path().toString(), null, reason);
        }
      }
    };
  }

  private static boolean needsSpace(Change change) {
    return switch (change) {
      case Change.Create create -> true;
      case Change.Write write -> true;
      case Change.Folder folder -> true;
      case Change.Link link -> true;
      case Change.Force force -> true;
      case Change.Move move -> false;
      case Change.Truncate truncate -> false;
      case Change.Delete delete -> false;
    };
  }
}
