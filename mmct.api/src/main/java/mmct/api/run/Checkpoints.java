package mmct.api.run;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.io.EmbeddedDigest;
import mmct.api.io.SafeTensors;
import mmct.api.io.SafeTensorsWriter;

/// The checkpoints of a run: one safetensors file each, `step-000000123.safetensors`, and
/// `best.safetensors`.
///
/// A file appears whole or not at all, whenever the process is killed, and carries its own SHA-256,
/// so a cut file or a flipped bit is noticed and the checkpoint before it is used.
public final class Checkpoints {
  private static final String STEP = "step";
  private static final String BEST = "best.safetensors";
  private static final Pattern NAME = Pattern.compile("step-(\\d{9,18})\\.safetensors");

  private final Path folder;
  private final Companions companions;

  /// The step at which the run stands: that of the checkpoint last saved or read.
  private OptionalLong current = OptionalLong.empty();

  /// What a run keeps beside its checkpoints and they depend on.
  interface Companions {
    /// Sees to it that everything up to this moment is on the disk, before a checkpoint is.
    ///
    /// @return what the checkpoint is to remember of it
    Map<String, String> settle();

    /// Refuses a checkpoint whose companions are not what it remembers.
    void require(Checkpoint checkpoint);

    /// Nothing.
    Companions NONE =
        new Companions() {
          @Override
          public Map<String, String> settle() {
            return Map.of();
          }

          @Override
          public void require(Checkpoint checkpoint) {}
        };
  }

  private Checkpoints(Path folder, Companions companions) {
    this.folder = folder;
    this.companions = companions;
  }

  /// Opens the folder of a run that will save, and clears away what a killed process has left half
  /// written. At most one process may do so at a time; [RunFolder] sees to it.
  public static Checkpoints open(Path folder) {
    return open(folder, Companions.NONE);
  }

  static Checkpoints open(Path folder, Companions companions) {
    Checkpoints checkpoints = new Checkpoints(folder, companions);
    checkpoints
        .list()
        .filter(file -> file.toString().endsWith(AtomicFiles.UNFINISHED))
        .forEach(AtomicFiles::delete);
    return checkpoints;
  }

  /// Opens the folder for reading only; another process may be saving.
  public static Checkpoints reading(Path folder) {
    return reading(folder, Companions.NONE);
  }

  static Checkpoints reading(Path folder, Companions companions) {
    return new Checkpoints(folder, companions);
  }

  /// Writes a checkpoint whole or not at all.
  ///
  /// @param step optimiser steps done
  /// @param tensors by name, everything that is an array
  /// @param metadata everything that is not; `step` and `sha256` are taken
  /// @throws MmctException where the disk is full or the folder cannot be written to; the
  ///     checkpoints that are there stay as they are
  public void save(long step, Map<String, NDArray> tensors, Map<String, String> metadata) {
    save(step, metadata, writer -> tensors.forEach(writer::add));
  }

  /// Writes a checkpoint whole or not at all.
  ///
  /// @param step optimiser steps done
  /// @param metadata everything that is not an array; `step` and `sha256` are taken
  /// @param content adds the tensors
  /// @throws MmctException where the disk is full or the folder cannot be written to
  public void save(long step, Map<String, String> metadata, Consumer<SafeTensorsWriter> content) {
    SafeTensorsWriter writer = SafeTensorsWriter.sealed().metadata(STEP, Long.toString(step));
    metadata.forEach(
        (key, value) -> {
          if (key.equals(EmbeddedDigest.KEY) || key.equals(STEP)) {
            throw new IllegalArgumentException("the key '" + key + "' is taken");
          }
          writer.metadata(key, value);
        });
    content.accept(writer);
    companions.settle().forEach(writer::metadata);
    writer.write(file(step));
    current = OptionalLong.of(step);
  }

  /// The newest checkpoint that is intact; empty where there is none at all.
  ///
  /// @param warn hears of each damaged checkpoint that is passed over
  /// @throws MmctException where there are checkpoints but none is intact
  public Optional<Checkpoint> latest(Consumer<String> warn) {
    while (true) {
      List<Long> steps = steps();
      List<String> damaged = new ArrayList<>();
      Optional<Checkpoint> newest = newest(steps, damaged);
      if (newest.isPresent()) {
        long step = newest.get().step();
        damaged.forEach(
            problem -> warn.accept(problem + "; the checkpoint of step " + step + " is used"));
        current = OptionalLong.of(step);
        return newest.map(this::withCompanions);
      }
      // Another process that saves may have deleted all that were there when they were listed.
      if (steps.equals(steps())) {
        if (damaged.isEmpty()) {
          return Optional.empty();
        }
        throw new MmctException(
            "no checkpoint in %s is intact: %s".formatted(folder, String.join(", ", damaged)));
      }
    }
  }

  /// The newest of some checkpoints that is intact.
  ///
  /// @param damaged takes a sentence on each that is there and is not
  private Optional<Checkpoint> newest(List<Long> steps, List<String> damaged) {
    for (long step : steps.reversed()) {
      try {
        return Optional.of(verified(file(step), OptionalLong.of(step)));
      } catch (MmctException e) {
        if (Files.exists(file(step))) {
          damaged.add(e.getMessage());
        }
      }
    }
    return Optional.empty();
  }

  /// The checkpoint kept as the best; empty where none has been kept.
  ///
  /// @throws MmctException where it is damaged
  public Optional<Checkpoint> best() {
    Path file = folder.resolve(BEST);
    return Files.exists(file)
        ? Optional.of(withCompanions(verified(file, OptionalLong.empty())))
        : Optional.empty();
  }

  /// The checkpoint of a step.
  ///
  /// @throws MmctException where there is none, naming the steps there are, or where it is damaged
  public Checkpoint at(long step) {
    if (!Files.exists(file(step))) {
      throw new MmctException(
          "%s has no checkpoint of step %d; there are: %s"
              .formatted(
                  folder,
                  step,
                  steps().isEmpty()
                      ? "none"
                      : steps().stream().map(String::valueOf).collect(Collectors.joining(", "))));
    }
    return withCompanions(verified(file(step), OptionalLong.of(step)));
  }

  private Checkpoint withCompanions(Checkpoint checkpoint) {
    try {
      companions.require(checkpoint);
      return checkpoint;
    } catch (RuntimeException e) {
      checkpoint.close();
      throw e;
    }
  }

  /// Keeps the newest checkpoints, and the best one under a name of its own; deletes the others.
  ///
  /// Checkpoints of later steps than the one at which the run stands are deleted too: they were
  /// damaged when the run was resumed from an earlier one.
  ///
  /// @param newest how many, at least 1
  /// @param best the step of the best checkpoint, where one is to be kept; where its file is gone
  ///     the one kept as the best before stays
  public void keep(int newest, Optional<Long> best) {
    best.map(this::file).filter(Files::exists).ifPresent(this::keepAsBest);
    List<Long> steps = steps();
    List<Long> valid =
        steps.stream().filter(step -> current.isEmpty() || step <= current.getAsLong()).toList();
    List<Long> kept = valid.subList(Math.max(0, valid.size() - Math.max(1, newest)), valid.size());
    steps.stream()
        .filter(step -> !kept.contains(step))
        .map(this::file)
        .forEach(AtomicFiles::delete);
  }

  /// The steps of the checkpoints that are there, ascending.
  public List<Long> steps() {
    return list()
        .map(file -> NAME.matcher(file.getFileName().toString()))
        .filter(Matcher::matches)
        .map(name -> Long.valueOf(name.group(1)))
        .sorted()
        .toList();
  }

  private Path file(long step) {
    return folder.resolve(String.format(Locale.ROOT, "step-%09d.safetensors", step));
  }

  private static Checkpoint verified(Path file, OptionalLong expectedStep) {
    SafeTensors.requireDigest(file);
    SafeTensors tensors = SafeTensors.open(file);
    long step = Long.parseLong(tensors.metadata().getOrDefault(STEP, "-1"));
    if (step < 0 || (expectedStep.isPresent() && expectedStep.getAsLong() != step)) {
      tensors.close();
      throw new MmctException("%s holds step %d, not what its name says".formatted(file, step));
    }
    return new Checkpoint(step, file, tensors);
  }

  /// A second name for the same bytes; where the file system has no such thing, a copy.
  private void keepAsBest(Path checkpoint) {
    Path best = folder.resolve(BEST);
    try {
      AtomicFiles.link(checkpoint, best);
    } catch (IOException | UnsupportedOperationException e) {
      AtomicFiles.write(best, channel -> copy(checkpoint, channel));
    }
  }

  private static void copy(Path from, FileChannel to) throws IOException {
    try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ)) {
      long size = source.size();
      for (long at = 0; at < size; ) {
        at += source.transferTo(at, size - at, to);
      }
    }
  }

  private Stream<Path> list() {
    if (!Files.isDirectory(folder)) {
      return Stream.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(folder, AtomicFiles.reason(e)), e);
    }
  }
}
