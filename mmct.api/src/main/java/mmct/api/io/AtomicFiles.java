package mmct.api.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import mmct.api.MmctException;

/// Every change of a file that outlives the process: written whole or not at all, or grown from
/// its beginning, and never through a symbolic link.
///
/// A whole file is written beside the target, forced to the disk, moved over the target in one
/// step, and the folder is forced too.
public final class AtomicFiles {
  /// The ending of a file that is being written, and of what a killed process has left of it.
  public static final String UNFINISHED = ".part";

  private AtomicFiles() {}

  /// Writes the content of a file through a channel.
  @FunctionalInterface
  public interface Content {
    /// Writes everything; the channel is forced and closed by the caller.
    void writeTo(FileChannel channel) throws IOException;
  }

  /// Writes a file of the bytes given, creating its folder.
  public static void write(Path target, byte[] content) {
    write(
        target,
        channel -> {
          ByteBuffer buffer = ByteBuffer.wrap(content);
          while (buffer.hasRemaining()) {
            channel.write(buffer);
          }
        });
  }

  /// Writes a file, creating its folder. The temporary file has a name that no other process
  /// chooses, so that two that write the same target each put a whole file in place.
  ///
  /// @throws MmctException where the disk is full or the folder cannot be written to; the target
  ///     is then as it was, unless the folder could not be forced to the disk after the move
  public static void write(Path target, Content content) {
    try {
      Folders.create(Folders.of(target));
      removeLeftovers(Folders.of(target), Pattern.quote(String.valueOf(target.getFileName())));
      Temporary temporary = temporary(target);
      boolean moved = false;
      try (FileChannel channel = temporary.channel()) {
        content.writeTo(channel);
        channel.force(true);
        replace(temporary.path(), target);
        moved = true;
      } finally {
        if (!moved) {
          deleteQuietly(temporary.path());
        }
      }
      Folders.force(Folders.of(target));
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /// A file that is being written.
  private record Temporary(Path path, FileChannel channel) {}

  /// Makes a file beside the target that others see to be in use until it is closed. One that was
  /// taken for a leftover before it could be locked is left to whoever took it.
  private static Temporary temporary(Path target) throws IOException {
    while (true) {
      Path path = unfinishedName(target);
      FileChannel channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (locked(channel) && Files.exists(path)) {
        return new Temporary(path, channel);
      }
      channel.close();
    }
  }

  /// Moves a finished file over the target in one step; both are on one disk. The file must have
  /// been forced to it, as [#write] does.
  ///
  /// @throws MmctException where the folder cannot be written to; the target is then as it was
  public static void move(Path finished, Path target) {
    try {
      replace(finished, target);
      Folders.force(Folders.of(target));
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /// Puts a second name of a finished file at the target in one step.
  ///
  /// @throws IOException where the file system has no such thing; the target is then as it was
  /// @throws UnsupportedOperationException where Java knows of no such thing
  public static void link(Path finished, Path target) throws IOException {
    // Moving one name of a file onto another of the same file does nothing and would leave both.
    if (Files.exists(target) && Files.isSameFile(target, finished)) {
      return;
    }
    Path second = unfinishedName(target);
    try {
      Files.createLink(second, finished);
      replace(second, target);
    } finally {
      deleteQuietly(second);
    }
    Folders.force(Folders.of(target));
  }

  /// Opens a file that grows by appending, or makes one whose name is on the disk at once. A
  /// symbolic link is not followed.
  public static FileChannel append(Path file) throws IOException {
    boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    if (!there) {
      Folders.force(Folders.of(file));
    }
    return channel;
  }

  /// Opens what a process has left of a file that it wrote piece by piece, or makes it, creating
  /// its folder.
  ///
  /// @throws MmctException where the name stands for anything but a file of its own, such as a
  ///     symbolic link: what it stands for would be overwritten
  public static FileChannel unfinished(Path file) throws IOException {
    Folders.create(Folders.of(file));
    try {
      return FileChannel.open(
          file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || namesOf(file) > 1) {
        throw new MmctException(
            "%s is %s, and what it stands for would be overwritten; delete it or choose another file with --out"
                .formatted(
                    file,
                    Files.isSymbolicLink(file)
                        ? "a symbolic link"
                        : Files.isRegularFile(file)
                            ? "a second name of another file"
                            : "no regular file"),
            e);
      }
      return FileChannel.open(
          file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static int namesOf(Path file) throws IOException {
    try {
      return Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)
              instanceof Integer count
          ? count
          : 1;
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      // The file system does not count them.
      return 1;
    }
  }

  /// Deletes a file, where it is there.
  ///
  /// @throws MmctException where it cannot be deleted
  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new MmctException("%s cannot be deleted: %s".formatted(file, reason(e)), e);
    }
  }

  /// Removes from a folder what killed processes have left of files that [#write] wrote; what a
  /// process is writing stays.
  public static void removeLeftovers(Path folder) {
    removeLeftovers(folder, ".*");
  }

  private static void removeLeftovers(Path folder, String target) {
    Pattern left = Pattern.compile(target + "(\\.[0-9a-f]{16})?" + Pattern.quote(UNFINISHED));
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            folder, file -> left.matcher(String.valueOf(file.getFileName())).matches())) {
      files.forEach(AtomicFiles::deleteUnlessInUse);
    } catch (IOException | DirectoryIteratorException e) {
      // A leftover is never read, so it may stay.
    }
  }

  private static void deleteUnlessInUse(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      if (channel.tryLock() != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // Somebody is writing it, or nobody can tell.
    }
  }

  /// Locks a file until it is closed. Where the file system has no locks nobody can lock it, so it
  /// is as good as locked: leftovers are not told from files that are in use, and stay.
  private static boolean locked(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static Path unfinishedName(Path target) {
    String mark = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    return Folders.of(target).resolve(target.getFileName() + "." + mark + UNFINISHED);
  }

  private static void replace(Path finished, Path target) throws IOException {
    Files.move(
        finished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// That a file could not be written, and why.
  public static MmctException failure(Path target, IOException e) {
    return new MmctException("%s cannot be written: %s".formatted(target, reason(e)), e);
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The first failure is the one to report; a leftover .part file is never read.
    }
  }

  /// What is in the way of a folder that is to be made or written to, as far as can be told without
  /// writing.
  public static Optional<String> obstacle(Path folder) {
    Path there = folder.toAbsolutePath().normalize();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      return Optional.of(there + " is a file where a folder is needed");
    }
    return Files.isWritable(there)
        ? Optional.empty()
        : Optional.of(there + " is read-only or belongs to somebody else");
  }

  /// Refuses a file that [#write] could not write, before its content is made.
  ///
  /// @throws MmctException naming what is in the way
  public static void requireWritable(Path target) {
    Path folder = Objects.requireNonNullElse(target.toAbsolutePath().getParent(), target);
    Optional<String> reason =
        Files.isDirectory(target) ? Optional.of("it is a folder") : obstacle(folder);
    reason.ifPresent(
        it -> {
          throw new MmctException("%s cannot be written: %s".formatted(target, it));
        });
  }

  /// Why a file could not be read or written, in a few words without the file's name.
  public static String reason(IOException e) {
    return switch (e) {
      case IOException link
          when String.valueOf(link.getMessage()).contains("Too many levels of symbolic links") ->
          "it is a symbolic link, which is not followed";
      case java.nio.file.AccessDeniedException denied -> "permission denied";
      case java.nio.file.NoSuchFileException missing -> "there is no such file";
      case java.nio.file.FileAlreadyExistsException exists ->
          exists.getFile() + " is a file where a folder is needed";
      case JsonProcessingException json ->
          "it is malformed in line %d, column %d"
              .formatted(json.getLocation().getLineNr(), json.getLocation().getColumnNr());
      case java.nio.file.FileSystemException system when system.getReason() != null ->
          system.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }
}
