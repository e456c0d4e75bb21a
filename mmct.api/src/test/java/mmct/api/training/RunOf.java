package mmct.api.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.spi.Catalogue;
import mmct.api.training.Training.Outcome;

/// A run of a test in a folder of its own, and what it leaves there.
record RunOf(Path folder, String yaml, List<String> overrides, Catalogue catalogue) {
  private static final ObjectMapper JSON = new ObjectMapper();

  RunOf(Path folder, String yaml, String... overrides) {
    this(folder, yaml, List.of(overrides), Toys.catalogue());
  }

  RunOf with(Catalogue other) {
    return new RunOf(folder, yaml, overrides, other);
  }

  /// What a run told while it went.
  static final class Heard implements Progress {
    final List<String> notes = new ArrayList<>();
    final List<StepRecord> steps = new ArrayList<>();
    Consumer<StepRecord> onStep = step -> {};

    @Override
    public void note(String line) {
      notes.add(line);
    }

    @Override
    public void step(StepRecord step) {
      steps.add(step);
      onStep.accept(step);
    }
  }

  Settings settings() {
    Settings settings = YamlReader.read(yaml, "toy.yaml");
    for (String override : overrides) {
      settings = Settings.assignment(override).over(settings);
    }
    return settings;
  }

  Training prepare(boolean resume, Progress progress) {
    RunRequest request = new RunRequest(folder, resume, "cpu", List.of("a", "test"));
    return Training.prepare(settings(), catalogue, request, progress);
  }

  Outcome train() {
    return train(new Heard());
  }

  Outcome train(Progress progress) {
    try (Training training = prepare(false, progress)) {
      return training.run();
    }
  }

  /// Trains until so many steps are done and then asks it to stop.
  Outcome trainUntil(long step) {
    return stopAt(false, step);
  }

  Outcome resumeUntil(long step) {
    return stopAt(true, step);
  }

  private Outcome stopAt(boolean resume, long step) {
    Heard heard = new Heard();
    try (Training training = prepare(resume, heard)) {
      heard.onStep =
          record -> {
            if (record.step() == step) {
              training.requestStop();
            }
          };
      return training.run();
    }
  }

  Outcome resume() {
    return resume(new Heard());
  }

  Outcome resume(Progress progress) {
    try (Training training = prepare(true, progress)) {
      return training.run();
    }
  }

  JsonNode record() {
    return json("run.json");
  }

  JsonNode json(String name) {
    try {
      return JSON.readTree(folder.resolve(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<JsonNode> metrics() {
    return lines("metrics.jsonl");
  }

  List<JsonNode> lines(String name) {
    try {
      List<JsonNode> lines = new ArrayList<>();
      for (String line : Files.readAllLines(folder.resolve(name))) {
        lines.add(JSON.readTree(line));
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The metrics without what depends on the machine's mood.
  List<JsonNode> timelessMetrics() {
    List<JsonNode> lines = metrics();
    lines.forEach(
        line ->
            ((ObjectNode) line)
                .remove(List.of("samples_per_s", "data_wait", "resident_mb", "device_mb")));
    return lines;
  }

  List<String> checkpoints() {
    try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path checkpoint(long step) {
    return folder.resolve("checkpoints").resolve("step-%09d.safetensors".formatted(step));
  }
}
