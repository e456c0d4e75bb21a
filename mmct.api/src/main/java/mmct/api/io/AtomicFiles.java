package mmct.api.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import mmct.api.MmctException;

/// Writes files whole or not at all: a temporary file beside the target is forced to the disk,
/// moved over the target in one step, and the folder is forced too.
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

  /// Writes a file, creating its folder.
  ///
  /// @throws MmctException where the disk is full or the folder cannot be written to; the target
  ///     is then as it was
  public static void write(Path target, Content content) {
    Path folder =
        Objects.requireNonNull(target.toAbsolutePath().getParent(), "a file has a folder");
    Path temporary = folder.resolve(target.getFileName() + UNFINISHED);
    boolean moved = false;
    try {
      Files.createDirectories(folder);
      // A leftover is removed, not overwritten: it might be another name of a file that is needed.
      Files.deleteIfExists(temporary);
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      moved = true;
      forceFolder(folder);
    } catch (IOException e) {
      throw new MmctException("%s cannot be written: %s".formatted(target, reason(e)), e);
    } finally {
      if (!moved) {
        deleteQuietly(temporary);
      }
    }
  }

  /// Moves a finished file over the target in one step; both are on one disk. The file must have
  /// been forced to it, as [#write] does.
  ///
  /// @throws MmctException where the folder cannot be written to; the target is then as it was
  public static void move(Path finished, Path target) {
    try {
      Files.move(
          finished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(
          Objects.requireNonNull(target.toAbsolutePath().getParent(), "a file has a folder"));
    } catch (IOException e) {
      throw new MmctException("%s cannot be written: %s".formatted(target, reason(e)), e);
    }
  }

  private static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
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
