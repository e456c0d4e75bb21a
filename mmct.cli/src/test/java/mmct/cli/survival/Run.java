package mmct.cli.survival;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A run folder, as a user finds it.
record Run(Path folder) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// What differs between two runs of the same configuration: the time that things took.
  private static final Set<String> TIMES =
      Set.of("samples_per_s", "data_wait", "resident_mb", "device_mb");

  /// Whether a run has begun here.
  boolean hasBegun() {
    return Files.exists(folder.resolve("config.yaml"));
  }

  /// `run.json`.
  JsonNode record() throws IOException {
    return JSON.readTree(folder.resolve("run.json").toFile());
  }

  /// How it ended.
  String status() throws IOException {
    return record().path("status").asText();
  }

  /// The hash of all weights at the end.
  String weights() throws IOException {
    return record().path("weights_sha256").asText();
  }

  /// The lines of `metrics.jsonl` without times; a last line without its end counts as none.
  List<JsonNode> metrics() throws IOException {
    return lines("metrics.jsonl").stream().<JsonNode>map(line -> line.without(TIMES)).toList();
  }

  /// The lines of `skipped.jsonl`.
  List<ObjectNode> skipped() throws IOException {
    return lines("skipped.jsonl");
  }

  /// `failure.json`.
  JsonNode failure() throws IOException {
    return JSON.readTree(folder.resolve("failure.json").toFile());
  }

  /// The last step that was logged; 0 where none was.
  long lastStep() throws IOException {
    List<ObjectNode> lines = lines("metrics.jsonl");
    return lines.isEmpty() ? 0 : lines.getLast().path("step").asLong();
  }

  private List<ObjectNode> lines(String name) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Run::parse).toList();
  }

  private static ObjectNode parse(String line) {
    try {
      return (ObjectNode) JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  /// The best checkpoint, where there is one, then the others in the order of their steps.
  List<Path> checkpoints() throws IOException {
    return inCheckpoints(".safetensors");
  }

  /// The checkpoint of the latest step.
  Path newestCheckpoint() throws IOException {
    return checkpoints().getLast();
  }

  /// Files that were being written.
  List<Path> unfinished() throws IOException {
    return inCheckpoints(".part");
  }

  private List<Path> inCheckpoints(String ending) throws IOException {
    Path checkpoints = folder.resolve("checkpoints");
    if (!Files.isDirectory(checkpoints)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(checkpoints)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  /// A copy of the whole folder.
  Run copyTo(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Path copy = target.resolve(folder.relativize(file));
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return new Run(target);
  }

  /// Turns over one bit in the middle of a file.
  static void flipOneBit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  /// Cuts a file to a part of its length.
  static void cut(Path file, double share) throws IOException {
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.truncate((long) (share * (double) channel.size()));
    }
  }
}
