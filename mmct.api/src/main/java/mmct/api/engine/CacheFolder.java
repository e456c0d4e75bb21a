package mmct.api.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import org.jspecify.annotations.Nullable;

/// The one folder outside of those that a user names in which anything is kept: native libraries,
/// where a program does not bring them unpacked. Whoever can write there decides what code runs,
/// so it belongs to the user alone, and nothing is taken from a folder that others could have made.
///
/// @param path the folder, which is there
record CacheFolder(Path path) {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final int STICKY = 01000;
  private static final int WRITABLE_BY_EVERYBODY = 0002;

  /// Where to look.
  ///
  /// @param environment what an environment variable says, or null
  /// @param properties what a system property says, or null
  record Surroundings(
      UnaryOperator<@Nullable String> environment, UnaryOperator<@Nullable String> properties) {
    static Surroundings ofProcess() {
      return new Surroundings(System::getenv, System::getProperty);
    }

    private Optional<Path> folder(@Nullable String value) {
      // A relative folder, or the `?` of a user without a home, would be another one every time.
      return Optional.ofNullable(value)
          .filter(it -> !it.isBlank())
          .map(Path::of)
          .filter(Path::isAbsolute);
    }

    private Optional<Path> named() {
      return Optional.ofNullable(
              Objects.requireNonNullElse(properties.apply("mmct.cache"), "").isBlank()
                  ? environment.apply("MMCT_CACHE")
                  : properties.apply("mmct.cache"))
          .filter(it -> !it.isBlank())
          .map(it -> Path.of(it).toAbsolutePath());
    }

    private Optional<Path> usual() {
      String system =
          Objects.requireNonNullElse(properties.apply("os.name"), "").toLowerCase(Locale.ROOT);
      if (system.startsWith("windows")) {
        return folder(environment.apply("LOCALAPPDATA")).map(it -> it.resolve("mmct"));
      }
      Optional<Path> home =
          folder(environment.apply("HOME")).or(() -> folder(properties.apply("user.home")));
      if (system.startsWith("mac")) {
        return home.map(it -> it.resolve("Library/Caches/mmct"));
      }
      return folder(environment.apply("XDG_CACHE_HOME"))
          .or(() -> home.map(it -> it.resolve(".cache")))
          .map(it -> it.resolve("mmct"));
    }

    private Path temporary() {
      String user = Objects.requireNonNullElse(properties.apply("user.name"), "");
      return Path.of(Objects.requireNonNullElse(properties.apply("java.io.tmpdir"), "."))
          .toAbsolutePath()
          .resolve("mmct-" + user.replaceAll("[^A-Za-z0-9._-]", "_"));
    }
  }

  /// The folder that `MMCT_CACHE` (or the system property `mmct.cache`) names; else the one in the
  /// user's cache folder; else, where that cannot be written, the user's own in the temporary
  /// folder.
  ///
  /// @throws MmctException where the folder cannot be used, or others could write to it
  static CacheFolder of(Surroundings surroundings) {
    Optional<Path> named = surroundings.named();
    try {
      if (named.isPresent()) {
        return opened(named.get());
      }
      Optional<Path> usual = surroundings.usual();
      if (usual.isPresent()) {
        try {
          return opened(usual.get());
        } catch (IOException e) {
          // A home that is not there or read-only: the temporary folder it is.
        }
      }
      return opened(surroundings.temporary());
    } catch (IOException e) {
      throw new MmctException(
          "no folder for native libraries can be made in %s: %s; MMCT_CACHE names another"
              .formatted(named.orElseGet(surroundings::temporary), AtomicFiles.reason(e)),
          e);
    }
  }

  /// A folder inside, made where it is not there.
  Path sub(String name) throws IOException {
    return opened(path.resolve(name)).path();
  }

  private static CacheFolder opened(Path folder) throws IOException {
    Path parent = Objects.requireNonNull(folder.getParent(), "a folder in another");
    Files.createDirectories(parent);
    requireSticky(parent);
    try {
      Files.createDirectory(folder, privately(folder));
    } catch (FileAlreadyExistsException e) {
      requireFolder(folder);
    }
    UserPrincipal me = writer(folder);
    requireOwner(folder, me);
    return new CacheFolder(folder);
  }

  static FileAttribute<?>[] privately(Path folder) {
    return isPosix(folder)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PRIVATE)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static void requireFolder(Path folder) {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(folder, "it is a link or a file");
    }
  }

  /// Whoever may rename the folder away may put another in its place.
  private static void requireSticky(Path parent) throws IOException {
    if (isPosix(parent) && File.separatorChar == '/') {
      int mode = (int) Files.getAttribute(parent, "unix:mode");
      if ((mode & WRITABLE_BY_EVERYBODY) != 0 && (mode & STICKY) == 0) {
        throw refused(parent, "everybody may replace what is in it");
      }
    }
  }

  /// The user that files made in a folder belong to.
  private static UserPrincipal writer(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "", ".probe");
    try {
      return Files.getOwner(probe, LinkOption.NOFOLLOW_LINKS);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private static void requireOwner(Path folder, UserPrincipal me) throws IOException {
    if (!isPosix(folder)) {
      return; // the profile of a user, which the system protects
    }
    requireMine(folder, me);
    Files.setPosixFilePermissions(folder, PRIVATE);
  }

  /// Refuses what belongs to somebody else, or what others may write to.
  static void requireMine(Path file, UserPrincipal me) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.owner().equals(me)) {
      throw refused(file, "it belongs to " + attributes.owner().getName());
    }
    if (attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
        || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw refused(file, "others may write to it");
    }
  }

  private static MmctException refused(Path file, String reason) {
    return new MmctException(
        "native libraries are not taken from %s: %s; remove it, or name another folder with MMCT_CACHE"
            .formatted(file, reason));
  }
}
