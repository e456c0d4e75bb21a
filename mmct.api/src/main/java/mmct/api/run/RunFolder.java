package mmct.api.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.io.ArtefactStore;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;
import mmct.api.io.Folders;
import mmct.api.io.RegularFiles;
import org.jspecify.annotations.Nullable;

/// The folder of a run and everything in it.
///
/// | file | holds |
/// |---|---|
/// | `config.yaml` | the resolved configuration |
/// | `SHA256SUMS` | the SHA-256 of `config.yaml` and `run.json`, as `sha256sum -c` reads it |
/// | `run.json` | seed, versions, device, data, command; at the end status and weights' hash |
/// | `starts.jsonl` | one object per start, [StartLog] |
/// | `metrics.jsonl` | one object per logged step |
/// | `skipped.jsonl` | one object per cell that could not be read |
/// | `failure.json` | why the run stopped, where it failed |
/// | `checkpoints/` | [Checkpoints] |
/// | `modalities/NAME/` | what a modality keeps, [ArtefactStore], and its `SHA256SUMS` |
/// | `encoders/` | exported encoders |
/// | `results/NAME.json` | evaluations, and their `SHA256SUMS` |
///
/// One process at a time may write a run; readers need no permission.
public final class RunFolder implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_. -]{0,99}");

  private final Path folder;
  private final Optional<RunLock> lock;
  private final JsonLines metrics;
  private final JsonLines skipped;

  private RunFolder(Path folder, Optional<RunLock> lock) {
    this.folder = folder;
    this.lock = lock;
    metrics = new JsonLines(folder.resolve("metrics.jsonl"));
    skipped = new JsonLines(folder.resolve("skipped.jsonl"));
  }

  /// Makes the folder of a new run.
  ///
  /// @throws MmctException where it holds a run already, or cannot be written to
  public static RunFolder create(Path folder) {
    requireNone(folder);
    RunLock lock = RunLock.take(folder);
    try {
      // Another process may have been faster.
      requireNone(folder);
    } catch (MmctException e) {
      lock.close();
      throw e;
    }
    return new RunFolder(folder, Optional.of(lock));
  }

  /// Refuses a folder that holds a run, before the work of preparing another is done.
  ///
  /// @throws MmctException where it holds a run
  public static void requireNone(Path folder) {
    if (holdsRun(folder)) {
      throw new MmctException(
          "%s already holds a run; continue it with --resume or choose another folder with --out"
              .formatted(folder));
    }
  }

  /// Refuses a folder that cannot be made or written to, as far as can be told without writing.
  ///
  /// @throws MmctException naming what is in the way
  public static void requireWritable(Path folder) {
    AtomicFiles.obstacle(folder)
        .ifPresent(
            reason -> {
              throw unwritable(folder, reason);
            });
  }

  private static MmctException unwritable(Path folder, String reason) {
    return new MmctException(
        "the run folder %s cannot be written to: %s".formatted(folder, reason));
  }

  /// Takes back a run that could not begin: nothing is left of it in the folder.
  public void discard() {
    for (Path part :
        List.of(
            folder.resolve("modalities"),
            configFile(),
            starts().file(),
            folder.resolve(Checksums.FILE))) {
      deleteAll(part);
    }
    close();
    AtomicFiles.delete(folder.resolve(RunLock.FILE));
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // It holds something else, and stays.
    }
  }

  private static void deleteAll(Path file) {
    try (Stream<Path> within = Files.walk(file)) {
      within.sorted(Comparator.reverseOrder()).forEach(it -> it.toFile().delete());
    } catch (IOException e) {
      // What is not there needs no deletion, and what cannot be deleted stays.
    }
  }

  /// Opens the folder of a run that goes on; what was noted of its failure is removed.
  ///
  /// @throws MmctException where it holds no run, or another process is writing it
  public static RunFolder resume(Path folder) {
    requireRun(folder, "to resume");
    RunLock lock = RunLock.take(folder);
    RunFolder run = new RunFolder(folder, Optional.of(lock));
    run.clean();
    AtomicFiles.delete(folder.resolve("failure.json"));
    return run;
  }

  /// Opens the folder of a run that is finished, or that another process is writing.
  ///
  /// @throws MmctException where it holds no run
  public static RunFolder reading(Path folder) {
    requireRun(folder, "to read");
    return new RunFolder(folder, Optional.empty());
  }

  /// Removes what a killed process has left half written, and makes sure that what it has not is
  /// on the disk.
  private void clean() {
    try (Stream<Path> all = Files.walk(folder, 3)) {
      for (Path part : all.filter(Files::isDirectory).toList()) {
        AtomicFiles.removeLeftovers(part);
        Folders.force(part);
      }
    } catch (IOException e) {
      throw unwritable(folder, AtomicFiles.reason(e));
    } catch (UncheckedIOException e) {
      // A folder went while it was looked at; whoever took it away sees to the rest.
    }
  }

  private static void requireRun(Path folder, String purpose) {
    if (!holdsRun(folder)) {
      throw new MmctException("%s holds no run %s".formatted(folder, purpose));
    }
  }

  private static boolean holdsRun(Path folder) {
    return Stream.of("config.yaml", "run.json", "checkpoints")
        .anyMatch(name -> Files.exists(folder.resolve(name)));
  }

  /// The folder.
  public Path path() {
    return folder;
  }

  /// The resolved configuration.
  ///
  /// @throws MmctException where it is not as it was written
  public String config() {
    return new String(checked("config.yaml"), StandardCharsets.UTF_8);
  }

  /// The file of the resolved configuration, for messages that name a line of it.
  public Path configFile() {
    return folder.resolve("config.yaml");
  }

  /// Writes the resolved configuration.
  public void writeConfig(String yaml) {
    Checksums.in(folder).writeFile("config.yaml", yaml.getBytes(StandardCharsets.UTF_8));
  }

  /// The run's record, `run.json`; empty where none has been written.
  ///
  /// @throws MmctException where it is not as it was written
  public Map<String, @Nullable Object> record() {
    return Files.exists(folder.resolve("run.json")) ? json("run.json") : Map.of();
  }

  private Map<String, @Nullable Object> json(String name) {
    try {
      return Json.read(checked(name));
    } catch (IOException e) {
      throw new MmctException(
          "%s is not JSON: %s".formatted(folder.resolve(name), AtomicFiles.reason(e)), e);
    }
  }

  /// Writes the run's record anew.
  ///
  /// @param record numbers, strings, booleans, lists and maps, in the order in which to show them
  public void writeRecord(Map<String, ? extends @Nullable Object> record) {
    // Whoever reads that the run has ended finds all of its lines.
    forceLines();
    writeJson("run.json", record);
  }

  private void forceLines() {
    metrics.force();
    skipped.force();
  }

  /// Writes why the run failed, `failure.json`. It goes when the run goes on, so the folder's
  /// checksums do not speak of it.
  public void writeFailure(Map<String, ? extends @Nullable Object> failure) {
    AtomicFiles.write(folder.resolve("failure.json"), Json.pretty(failure));
  }

  /// Writes the result of an evaluation, `results/NAME.json`.
  public void writeResult(String name, Map<String, ? extends @Nullable Object> result) {
    writeJson("results/" + requireName(name) + ".json", result);
  }

  /// The results of all evaluations, by their names; what is not one is left out.
  ///
  /// @throws MmctException where a result is not JSON
  public Map<String, Map<String, @Nullable Object>> results() {
    Path results = folder.resolve("results");
    Map<String, Map<String, @Nullable Object>> all = new TreeMap<>();
    if (!Files.isDirectory(results)) {
      return all;
    }
    try (Stream<Path> files = Files.list(results)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".json")) {
          all.put(name.substring(0, name.length() - ".json".length()), json("results/" + name));
        }
      }
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(results, AtomicFiles.reason(e)), e);
    }
    return all;
  }

  /// Every start of the run.
  public StartLog starts() {
    return new StartLog(folder.resolve("starts.jsonl"));
  }

  /// The measurements of the steps.
  public JsonLines metrics() {
    return metrics;
  }

  /// The cells that could not be read.
  public JsonLines skipped() {
    return skipped;
  }

  /// What a modality keeps, such as the words that it knows.
  public ArtefactStore artefacts(String modality) {
    return ArtefactStore.folder(modalities().resolve(requireName(modality)));
  }

  /// The run's checkpoints, to save where this run was created or resumed, else to read.
  public Checkpoints checkpoints() {
    Path checkpoints = folder.resolve("checkpoints");
    Checkpoints.Companions companions = new FolderCompanions(this);
    return lock.isPresent()
        ? Checkpoints.open(checkpoints, companions)
        : Checkpoints.reading(checkpoints, companions);
  }

  /// The folder of what the modalities keep; may not be there.
  Path modalities() {
    return folder.resolve("modalities");
  }

  /// The folder of exported encoders; may not be there yet.
  public Path encoders() {
    return folder.resolve("encoders");
  }

  /// Lets other processes write.
  @Override
  public void close() {
    try {
      forceLines();
    } finally {
      metrics.close();
      skipped.close();
      lock.ifPresent(RunLock::close);
    }
  }

  private void writeJson(String name, Map<String, ? extends @Nullable Object> content) {
    Path file = folder.resolve(name);
    Checksums.in(Objects.requireNonNull(file.getParent()))
        .writeFile(String.valueOf(file.getFileName()), Json.pretty(content));
  }

  /// The content of a file, which is that of its line in the folder's checksums where it has one.
  private byte[] checked(String name) {
    Path file = folder.resolve(name);
    byte[] content = read(name);
    Checksums.in(Objects.requireNonNull(file.getParent()))
        .require(String.valueOf(file.getFileName()), content);
    return content;
  }

  private byte[] read(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.readAllBytes(RegularFiles.require(file));
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  private static String requireName(String name) {
    if (!NAME.matcher(name).matches() || name.contains("..")) {
      throw new MmctException(
          "a name that becomes a file's must be letters, digits, '_', '.' and '-' but was '%s'"
              .formatted(name));
    }
    return name;
  }
}
