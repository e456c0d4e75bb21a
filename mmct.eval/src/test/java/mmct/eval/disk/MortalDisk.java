package mmct.eval.disk;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files of the machine, whose process dies at the operation of a number: half of a write is
/// done, nothing of any other operation, and nothing of all that follow, as after a kill.
public final class MortalDisk extends FileSystemProvider {
  private final FileSystemProvider real;
  private final MortalSystem system = new MortalSystem();
  private final List<String> operations = new ArrayList<>();
  private final List<FileChannel> open = new ArrayList<>();
  private final int diesAt;

  /// The process is dead: nobody can catch it but the test.
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed(String operation) {
      super(operation);
    }
  }

  /// A disk over that of a folder.
  ///
  /// @param diesAt the number of the operation, from 0; a large one never comes
  public MortalDisk(Path folder, int diesAt) {
    real = folder.getFileSystem().provider();
    this.diesAt = diesAt;
  }

  /// The operations that have changed something, or would have.
  public List<String> operations() {
    return List.copyOf(operations);
  }

  /// A path of the machine on this disk.
  public Path path(Path path) {
    return mortal(path);
  }

  /// What the operating system does after a process has died: it closes its files, which gives up
  /// their locks.
  public void bury() throws IOException {
    for (FileChannel channel : open) {
      channel.close();
    }
  }

  private boolean dead() {
    return operations.size() > diesAt;
  }

  private void act(String what, Path on) {
    operations.add(what + " " + on.getFileName());
    if (dead()) {
      throw new Killed(what + " " + on);
    }
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    boolean creates =
        (options.contains(StandardOpenOption.CREATE) && !Files.exists(real(path)))
            || options.contains(StandardOpenOption.CREATE_NEW);
    if (creates) {
      act("create", path);
    }
    FileChannel channel = FileChannel.open(real(path), options, attributes);
    open.add(channel);
    return new MortalChannel(channel, real(path));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    act("mkdir", folder);
    real.createDirectory(real(folder), attributes);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    act("link", link);
    real.createLink(real(link), real(existing));
  }

  @Override
  public void delete(Path path) throws IOException {
    act("delete", path);
    real.delete(real(path));
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    if (!Files.exists(real(path), LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    delete(path);
    return true;
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    act("move", target);
    real.move(real(source), real(target), options);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new UnsupportedOperationException("copy");
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = real.newDirectoryStream(real(folder), it -> true)) {
      for (Path it : all) {
        if (filter.accept(path(it))) {
          found.add(path(it));
        }
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return found.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return real.isSameFile(real(one), real(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return real.isHidden(real(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return real.getFileStore(real(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    real.checkAccess(real(path), modes);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return real.getFileAttributeView(real(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return real.readAttributes(real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return real.readAttributes(real(path), names, options);
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options) {
    throw new UnsupportedOperationException("setAttribute");
  }

  @Override
  public String getScheme() {
    return "mortal";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException("newFileSystem");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException("getPath");
  }

  /// A path of the machine that leads back to this disk.
  private Path mortal(Path of) {
    return (Path)
        Proxy.newProxyInstance(
            Path.class.getClassLoader(), new Class<?>[] {Path.class}, new MortalPath(of));
  }

  private static Path real(Path path) {
    return Proxy.isProxyClass(path.getClass())
            && Proxy.getInvocationHandler(path) instanceof MortalPath it
        ? it.real
        : path;
  }

  private final class MortalPath implements InvocationHandler {
    private final Path real;

    MortalPath(Path real) {
      this.real = real;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      if (method.getName().equals("getFileSystem")) {
        return system;
      }
      Object[] plain = arguments == null ? new Object[0] : arguments.clone();
      for (int i = 0; i < plain.length; i++) {
        plain[i] = plain[i] instanceof Path path ? real(path) : plain[i];
      }
      try {
        Object result = method.invoke(real, plain);
        return result instanceof Path path ? mortal(path) : result;
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  /// Knows nothing but where its paths are.
  private final class MortalSystem extends FileSystem {
    @Override
    public FileSystemProvider provider() {
      return MortalDisk.this;
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public String getSeparator() {
      return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
      return List.of();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
      return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
      return Set.of("basic", "unix");
    }

    @Override
    public Path getPath(String first, String... more) {
      return mortal(Path.of(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
      throw new UnsupportedOperationException("getPathMatcher");
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
      throw new UnsupportedOperationException("getUserPrincipalLookupService");
    }

    @Override
    public WatchService newWatchService() {
      throw new UnsupportedOperationException("newWatchService");
    }
  }

  /// Writes half of what it should when the process dies.
  private final class MortalChannel extends FileChannel {
    private final FileChannel real;
    private final Path path;

    MortalChannel(FileChannel real, Path path) {
      this.real = real;
      this.path = path;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return real.read(target);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
      return real.read(targets, offset, length);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return real.read(target, position);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      int position = source.position();
      try {
        act("write", path);
      } catch (Killed e) {
        if (operations.size() == diesAt + 1) {
          real.write(source.duplicate().limit(position + source.remaining() / 2));
        }
        throw e;
      }
      return real.write(source);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
      act("write", path);
      return real.write(sources, offset, length);
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      act("write", path);
      return real.write(source, position);
    }

    @Override
    public long position() throws IOException {
      return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      real.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      if (size < real.size()) {
        act("truncate", path);
      }
      real.truncate(size);
      return this;
    }

    @Override
    public void force(boolean all) throws IOException {
      act("force", path);
      real.force(all);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      return real.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count)
        throws IOException {
      act("write", path);
      return real.transferFrom(source, position, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
      return real.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
      return real.lock(position, size, shared);
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      if (!dead()) {
        real.close();
      }
    }
  }
}
