package mmct.api.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;

/// Native libraries that lie in jars, unpacked into one fixed folder, from which every later start
/// takes them. Java's libraries would unpack them anew into the temporary folder at each start, and
/// a killed process would leave them there.
///
/// What is taken belongs to the user, cannot be written by others, and has the size and the CRC-32
/// that the jar says; what does not is unpacked again. Several processes may start at once, and any
/// may be killed.
public final class NativeLibraries {
  private static final String LOCK = "lock";
  private static final String UNFINISHED = ".part";
  private static final int BUFFER = 1 << 20;

  private final CacheFolder cache;

  NativeLibraries(CacheFolder cache) {
    this.cache = cache;
  }

  /// The libraries of this user; `MMCT_CACHE` names the folder, which is `mmct` in the user's cache
  /// folder otherwise, or in the temporary one where that cannot be written.
  ///
  /// @throws MmctException where there is no folder that can be used, or others could write to it
  public static NativeLibraries ofUser() {
    return new NativeLibraries(CacheFolder.of(CacheFolder.Surroundings.ofProcess()));
  }

  /// A folder for what other libraries unpack themselves.
  Path folder(String name) {
    try {
      return cache.sub(name);
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  /// The folder that holds the libraries given and nothing else.
  ///
  /// @param name what they are called together
  /// @param libraries by file name, where each lies
  /// @throws MmctException where they cannot be read or written
  public Path unpacked(String name, Map<String, URL> libraries) {
    try {
      Map<String, Content> contents = new TreeMap<>();
      for (Map.Entry<String, URL> library : libraries.entrySet()) {
        contents.put(library.getKey(), Content.of(library.getValue()));
      }
      Path folder = cache.path().resolve(name + "-" + key(contents));
      if (!holds(folder, contents)) {
        unpack(folder, libraries, contents);
      }
      return folder;
    } catch (IOException e) {
      throw failure(name, e);
    }
  }

  private MmctException failure(String name, IOException e) {
    return new MmctException(
        "the native libraries of %s cannot be unpacked into %s: %s; MMCT_CACHE names another folder"
            .formatted(name, cache.path(), AtomicFiles.reason(e)),
        e);
  }

  /// Other versions of the libraries go into other folders.
  private static String key(Map<String, Content> contents) {
    return Integer.toHexString(contents.toString().hashCode());
  }

  /// What a library should be.
  private record Content(long size, long crc) {
    static Content of(URL url) throws IOException {
      URLConnection connection = url.openConnection();
      if (connection instanceof JarURLConnection inJar) {
        inJar.setUseCaches(false);
        try (JarFile jar = inJar.getJarFile()) {
          JarEntry entry = jar.getJarEntry(inJar.getEntryName());
          if (entry.getSize() >= 0 && entry.getCrc() >= 0) {
            return new Content(entry.getSize(), entry.getCrc());
          }
        }
      }
      try (InputStream content = url.openStream()) {
        return of(content);
      }
    }

    static Content of(InputStream content) throws IOException {
      CRC32 crc = new CRC32();
      byte[] buffer = new byte[BUFFER];
      long size = 0;
      try (CheckedInputStream checked = new CheckedInputStream(content, crc)) {
        for (int n = checked.read(buffer); n >= 0; n = checked.read(buffer)) {
          size += n;
        }
      }
      return new Content(size, crc.getValue());
    }
  }

  private static boolean holds(Path folder, Map<String, Content> contents) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    UserPrincipal me = Files.getOwner(folder.getParent());
    CacheFolder.requireMine(folder, me);
    Set<String> there = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        there.add(file.getFileName().toString());
      }
    }
    if (!there.equals(contents.keySet())) {
      return false;
    }
    for (Map.Entry<String, Content> library : contents.entrySet()) {
      Path file = folder.resolve(library.getKey());
      if (!isWhole(file, library.getValue())) {
        return false;
      }
      CacheFolder.requireMine(file, me);
    }
    return true;
  }

  private static boolean isWhole(Path file, Content content) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile() || attributes.size() != content.size()) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return Content.of(in).equals(content);
    }
  }

  private void unpack(Path folder, Map<String, URL> libraries, Map<String, Content> contents)
      throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                cache.path().resolve(LOCK),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        FileLock _ = lock(channel)) {
      removeUnfinished();
      if (holds(folder, contents)) {
        return; // another process was first
      }
      remove(folder);
      Path unfinished = cache.path().resolve(folder.getFileName() + UNFINISHED);
      try {
        Files.createDirectory(unfinished, CacheFolder.privately(unfinished));
        for (Map.Entry<String, URL> library : libraries.entrySet()) {
          copy(library.getValue(), unfinished.resolve(library.getKey()));
        }
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        remove(unfinished);
      }
      if (!holds(folder, contents)) {
        throw new IOException("what was written to " + folder + " is not what the jar holds");
      }
    }
  }

  /// Two class loaders of one process may both be here; the system's lock is for processes.
  private static FileLock lock(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (OverlappingFileLockException e) {
        try {
          Thread.sleep(20);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", interrupted);
        }
      }
    }
  }

  private static void copy(URL library, Path file) throws IOException {
    try (InputStream in = library.openStream();
        OutputStream out =
            Files.newOutputStream(
                Files.createFile(file, CacheFolder.privately(file)), LinkOption.NOFOLLOW_LINKS)) {
      in.transferTo(out);
    }
  }

  /// What killed processes have left; nobody is writing while the lock is held.
  private void removeUnfinished() throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(cache.path(), "*" + UNFINISHED)) {
      for (Path folder : folders) {
        remove(folder);
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          remove(file);
        }
      }
    }
    Files.deleteIfExists(folder);
  }
}
