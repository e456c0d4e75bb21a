package mmct.cli.reliability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What the files of a folder hold, without the times that things took.
final class Contents {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// What differs between two runs of one configuration, in `metrics.jsonl`.
  private static final Set<String> TIMES =
      Set.of("samples_per_s", "data_wait", "resident_mb", "device_mb");

  private Contents() {}

  /// By file, what must be the same however often a task was interrupted.
  static Map<String, String> of(Path folder) {
    Map<String, String> contents = new TreeMap<>();
    for (Path file : files(folder)) {
      String name = folder.relativize(file).toString();
      contents.put(name, lasting(name, file));
    }
    // The lock stays, empty; the log of starts tells how often the task was started, the record of
    // the run when it was, and the checksums follow from the record.
    contents.keySet().removeAll(Set.of(".lock", "starts.jsonl", "SHA256SUMS"));
    return contents;
  }

  /// All files below a folder.
  static List<Path> files(Path folder) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lasting(String name, Path file) {
    try {
      if (name.equals("run.json")) {
        JsonNode run = JSON.readTree(Files.readAllBytes(file));
        return run.path("status") + " " + run.path("weights_sha256");
      }
      if (name.endsWith(".jsonl")) {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
          lines.add(((ObjectNode) JSON.readTree(line)).without(TIMES).toString());
        }
        return String.join("\n", lines);
      }
      byte[] bytes = Files.readAllBytes(file);
      return bytes.length + " bytes, " + Arrays.hashCode(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  /// Files that have their final name but are not whole, however the task was interrupted.
  ///
  /// @param whole by file, what a task that was not interrupted leaves
  static List<String> damaged(Path folder, Map<String, String> whole) {
    List<String> damaged = new ArrayList<>();
    for (Path file : files(folder)) {
      String name = folder.relativize(file).toString();
      if (name.contains(".part") || !isWhole(name, file, whole)) {
        damaged.add(name);
      }
    }
    damaged.removeIf(name -> name.contains(".part"));
    return damaged;
  }

  private static boolean isWhole(String name, Path file, Map<String, String> whole) {
    try {
      if (name.endsWith(".json")) {
        return JSON.readTree(Files.readAllBytes(file)).isObject();
      }
      if (name.startsWith("checkpoints/")) {
        return mmct.api.run.Checkpoints.reading(file.getParent()) != null
            && isCheckpoint(file, name);
      }
      // What grows line by line may end in a torn one; checksums are those of two states.
      boolean grows =
          name.endsWith("SHA256SUMS")
              || name.endsWith(".jsonl")
              || name.equals(".lock")
              || name.endsWith(".progress");
      return grows || lasting(name, file).equals(whole.get(name));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isCheckpoint(Path file, String name) {
    try {
      mmct.api.run.Checkpoints checkpoints = mmct.api.run.Checkpoints.reading(file.getParent());
      if (name.endsWith("best.safetensors")) {
        checkpoints.best().orElseThrow().close();
      } else {
        checkpoints.at(Long.parseLong(name.replaceAll("\\D", ""))).close();
      }
      return true;
    } catch (mmct.api.MmctException e) {
      return false;
    }
  }
}
