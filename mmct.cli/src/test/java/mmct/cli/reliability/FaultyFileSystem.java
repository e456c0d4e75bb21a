package mmct.cli.reliability;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.Set;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterFileSystemProvider;
import org.apache.lucene.tests.mockfile.FilterPath;

/// The disk of this machine, of which every change goes through a [Disk] first: it can be written
/// down, refused, or be the last thing that a process does.
///
/// Code that works on a path of [#path] does not know: all of `java.nio.file` goes through the
/// path's own file system.
final class FaultyFileSystem extends FilterFileSystemProvider {
  private final Disk disk;

  private FaultyFileSystem(Disk disk) {
    super("faulty", FileSystems.getDefault());
    this.disk = disk;
  }

  /// A path of this machine whose changes go through a disk.
  static Path path(Path path, Disk disk) {
    return new FaultyFileSystem(disk).wrapPath(path.toAbsolutePath());
  }

  /// A change of the disk.
  ///
  /// @param path the real path of the file or folder
  sealed interface Change {
    Path path();

    /// An empty file where there was none.
    record Create(Path path) implements Change {}

    /// Bytes from a position on; the file grows where they are beyond its end.
    record Write(Path path, long position, byte[] bytes) implements Change {}

    /// A file ends at a size.
    record Truncate(Path path, long size) implements Change {}

    /// A file's content, or a folder's names, are on the disk for good.
    record Force(Path path) implements Change {}

    /// A name becomes another, over what had that one.
    record Move(Path path, Path to) implements Change {}

    /// A second name for a file.
    record Link(Path path, Path file) implements Change {}

    /// A name is removed.
    record Delete(Path path) implements Change {}

    /// A new folder.
    record Folder(Path path) implements Change {}
  }

  /// What happens to changes.
  interface Disk {
    /// Called before a change is made; what it throws prevents the change.
    void before(Change change) throws IOException;

    /// Called with every file that is opened to be changed.
    default void opened(FileChannel channel) {}
  }

  private static Path real(Path path) {
    return FilterPath.unwrap(path);
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    if (!Files.exists(real(folder), LinkOption.NOFOLLOW_LINKS)) {
      disk.before(new Change.Folder(real(folder)));
    }
    super.createDirectory(folder, attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.before(new Change.Delete(real(path)));
    super.delete(path);
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    if (Files.exists(real(path), LinkOption.NOFOLLOW_LINKS)) {
      disk.before(new Change.Delete(real(path)));
    }
    return super.deleteIfExists(path);
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    disk.before(new Change.Move(real(from), real(to)));
    super.move(from, to, options);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    disk.before(new Change.Link(real(link), real(existing)));
    super.createLink(link, existing);
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) {
    throw new UnsupportedOperationException("a copy is not forced to the disk; use AtomicFiles");
  }

  @Override
  public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
    Set<OpenOption> all =
        options.length == 0
            ? Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)
            : union(Set.of(options), StandardOpenOption.WRITE);
    return Channels.newOutputStream(newFileChannel(path, all));
  }

  private static Set<OpenOption> union(Set<OpenOption> options, OpenOption another) {
    Set<OpenOption> all = new HashSet<>(options);
    all.add(another);
    return all;
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return changes(options)
        ? newFileChannel(path, options, attributes)
        : super.newByteChannel(path, options, attributes);
  }

  private static boolean changes(Set<? extends OpenOption> options) {
    return options.contains(StandardOpenOption.WRITE)
        || options.contains(StandardOpenOption.APPEND);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path real = real(path);
    if (!changes(options) && !Files.isDirectory(real)) {
      return delegate.newFileChannel(real, options, attributes);
    }
    boolean creates =
        options.contains(StandardOpenOption.CREATE)
            || options.contains(StandardOpenOption.CREATE_NEW);
    if (creates && !Files.exists(real)) {
      disk.before(new Change.Create(real));
    } else if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
      disk.before(new Change.Truncate(real, 0));
    }
    FileChannel channel = delegate.newFileChannel(real, options, attributes);
    disk.opened(channel);
    return new Watched(real, channel, options.contains(StandardOpenOption.APPEND));
  }

  /// A channel whose changes go through the disk.
  private final class Watched extends FilterFileChannel {
    private final Path path;
    private final boolean appends;

    Watched(Path path, FileChannel channel, boolean appends) {
      super(channel);
      this.path = path;
      this.appends = appends;
    }

    /// Asks the disk; where it refuses or the process ends, half of the bytes may be there already.
    private void ask(ByteBuffer bytes, long position) throws IOException {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      try {
        disk.before(new Change.Write(path, position, copy));
      } catch (ProcessKilled killed) {
        if (killed.first()) {
          delegate.write(ByteBuffer.wrap(copy, 0, copy.length / 2), position);
        }
        throw killed;
      }
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      ask(bytes, appends ? delegate.size() : delegate.position());
      return super.write(bytes);
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      ask(bytes, position);
      return super.write(bytes, position);
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
      long written = 0;
      for (int i = offset; i < offset + length; i++) {
        written += write(buffers[i]);
      }
      return written;
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count)
        throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Math.min(count, 1 << 20)));
      source.read(bytes);
      return write(bytes.flip(), position);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Math.min(count, 1 << 20)));
      read(bytes, position);
      return target.write(bytes.flip());
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      if (size < delegate.size()) {
        disk.before(new Change.Truncate(path, size));
      }
      delegate.truncate(size);
      return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
      disk.before(new Change.Force(path));
      // What this process has written is seen by all others; waiting for the disk proves nothing.
    }

    @Override
    public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
      return delegate.map(mode, offset, size, arena);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return delegate.tryLock(position, size, shared);
    }
  }
}
