package mmct.api.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Folders;
import mmct.api.io.RegularFiles;
import org.jspecify.annotations.Nullable;

/// `starts.jsonl`: a line for every time that a run was started or gone on with, oldest first. A
/// line is on the disk when [#append] returns, and none is ever changed; what a killed process has
/// written of one is taken away by the next.
public final class StartLog {
  private final Path file;

  StartLog(Path file) {
    this.file = file;
  }

  /// The file.
  public Path file() {
    return file;
  }

  /// The lines, without one that is torn.
  ///
  /// @throws MmctException where the file cannot be read
  public List<Map<String, @Nullable Object>> lines() {
    List<Map<String, @Nullable Object>> lines = new ArrayList<>();
    if (!Files.exists(file)) {
      return lines;
    }
    try {
      byte[] text = Files.readAllBytes(RegularFiles.require(file));
      for (int from = 0, to = end(text, 0); to > from; from = to, to = end(text, from)) {
        lines.add(Json.read(Arrays.copyOfRange(text, from, to)));
      }
      return lines;
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  /// Where the line that begins at a place ends, its end included; that place where it has none.
  private static int end(byte[] text, int from) {
    for (int i = from; i < text.length; i++) {
      if (text[i] == '\n') {
        return i + 1;
      }
    }
    return from;
  }

  /// Adds a line and forces it to the disk.
  ///
  /// @throws MmctException where it cannot be written; the lines before it stay as they are
  public void append(Map<String, ? extends @Nullable Object> start) {
    byte[] text = Json.line(start);
    ByteBuffer line = ByteBuffer.wrap(Arrays.copyOf(text, text.length + 1));
    line.put(text.length, (byte) '\n');
    boolean isNew = !Files.exists(file);
    try (FileChannel channel = AtomicFiles.unfinished(file)) {
      long whole = whole(channel);
      channel.truncate(whole).position(whole);
      try {
        while (line.hasRemaining()) {
          channel.write(line);
        }
        channel.force(true);
      } catch (IOException e) {
        channel.truncate(whole);
        throw e;
      }
      if (isNew) {
        Folders.force(Folders.of(file));
      }
    } catch (IOException e) {
      throw new MmctException("%s cannot be written: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  /// The bytes of the lines that have an end.
  private static long whole(FileChannel channel) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    for (long end = channel.size(); end > 0; end--) {
      channel.read(last.clear(), end - 1);
      if (last.get(0) == '\n') {
        return end;
      }
    }
    return 0;
  }
}
