package mmct.api.run;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import org.jspecify.annotations.Nullable;

/// A file of JSON objects, one per line, that grows while a run goes on.
///
/// Values are numbers, strings, booleans, lists and maps; NaN and the infinities become the strings
/// `"NaN"`, `"Infinity"` and `"-Infinity"`.
public final class JsonLines implements AutoCloseable {
  private final Path file;
  private @Nullable FileChannel channel;

  JsonLines(Path file) {
    this.file = file;
  }

  /// The file.
  public Path file() {
    return file;
  }

  /// Appends a line; it has reached the operating system when this returns, and the disk after
  /// [#force].
  ///
  /// @throws MmctException where it cannot be written; the file then ends as it did before
  public synchronized void append(Map<String, ? extends @Nullable Object> content) {
    byte[] text = Json.line(content);
    ByteBuffer line = ByteBuffer.wrap(Arrays.copyOf(text, text.length + 1));
    line.put(text.length, (byte) '\n');
    try {
      if (channel == null) {
        channel = AtomicFiles.append(file);
      }
      write(channel, line);
    } catch (IOException e) {
      throw AtomicFiles.failure(file, e);
    }
  }

  /// Makes sure that every line is on the disk.
  ///
  /// @throws MmctException where it cannot be
  public synchronized void force() {
    try {
      if (channel != null) {
        channel.force(true);
      }
    } catch (IOException e) {
      throw AtomicFiles.failure(file, e);
    }
  }

  private static void write(FileChannel channel, ByteBuffer line) throws IOException {
    long before = channel.size();
    try {
      while (line.hasRemaining()) {
        channel.write(line);
      }
    } catch (IOException e) {
      channel.truncate(before);
      throw e;
    }
  }

  /// The last object that has a key; empty where there is none. A torn line is passed over.
  ///
  /// @throws MmctException where the file cannot be read
  public synchronized Optional<Map<String, @Nullable Object>> last(String key) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Optional<Map<String, @Nullable Object>> last = Optional.empty();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (byte[] line = readLine(in); line.length > 0; line = readLine(in)) {
        Optional<Map<String, @Nullable Object>> object = object(line);
        if (object.isPresent() && object.get().containsKey(key)) {
          last = object;
        }
      }
      return last;
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  private static Optional<Map<String, @Nullable Object>> object(byte[] line) {
    try {
      return Optional.of(Json.read(line));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Removes the lines of later steps, which a resumed run will write again, and what a killed
  /// process has written of a last line. Lines without a `step` stay.
  public synchronized void truncateAfter(long step) {
    truncateAfter(step, Optional.empty());
  }

  /// As [#truncateAfter(long)], and of the lines of the step itself removes those that have a key.
  public synchronized void truncateAfter(long step, Optional<String> key) {
    close();
    if (!Files.exists(file)) {
      return;
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      AtomicFiles.write(file, target -> copyUpTo(step, key, in, target));
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  private static void copyUpTo(long step, Optional<String> key, InputStream in, FileChannel target)
      throws IOException {
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(target));
    for (byte[] line = readLine(in); line.length > 0; line = readLine(in)) {
      if (isUpTo(step, key, line)) {
        out.write(line);
        if (line[line.length - 1] != '\n') {
          out.write('\n');
        }
      }
    }
    out.flush();
  }

  /// A line with its end; without one where the file ends before; empty where there is none.
  private static byte[] readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int value = in.read(); value >= 0; value = in.read()) {
      line.write(value);
      if (value == '\n') {
        break;
      }
    }
    return line.toByteArray();
  }

  private static boolean isUpTo(long step, Optional<String> key, byte[] line) {
    try {
      Map<String, @Nullable Object> object = Json.read(line);
      long last = key.filter(object::containsKey).isPresent() ? step - 1 : step;
      return Optional.ofNullable(object.get("step"))
          .filter(Number.class::isInstance)
          .map(Number.class::cast)
          .map(number -> number.longValue() <= last)
          .orElse(true);
    } catch (IOException e) {
      // A torn line: its step will be taken again, or it was the last thing before a failure.
      return false;
    }
  }

  @Override
  public synchronized void close() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new MmctException(
            "%s cannot be closed: %s".formatted(file, AtomicFiles.reason(e)), e);
      } finally {
        channel = null;
      }
    }
  }
}
