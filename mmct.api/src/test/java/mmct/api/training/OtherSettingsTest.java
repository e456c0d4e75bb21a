package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.run.Checkpoint;
import mmct.api.run.Checkpoints;
import mmct.api.training.Training.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Runs that go on with other settings than they began with.
class OtherSettingsTest {
  @TempDir Path temp;

  private RunOf run(String name, String... overrides) {
    return new RunOf(
        temp.resolve(name),
        TrainingTest.YAML,
        Stream.concat(Stream.of("schedule.warmupSteps=0", "epochs=4"), Stream.of(overrides))
            .toList(),
        Toys.catalogue());
  }

  /// 40 samples and 4 epochs: 12 steps of 8 are 2.4 epochs, then 1.6 are left.
  @Test
  void anotherBatchReadsTheRestOfTheEpochs() {
    run("batch", "steps=12").train();
    RunOf run = run("batch", "batch=20", "dropLast=false");
    RunOf.Heard heard = new RunOf.Heard();
    Outcome outcome = run.resume(heard);
    assertThat(outcome.steps()).as("24 left as 20 and 4, then 20 and 20").isEqualTo(16);
    assertThat(heard.notes)
        .contains(
            "resumed after step 12",
            "batch 8 -> 20 from step 12",
            "dropLast true -> false from step 12",
            "steps 12 -> not set from step 12");
    List<JsonNode> lines = run.metrics().subList(12, 16);
    assertThat(lines)
        .extracting(line -> line.get("samples").longValue())
        .containsExactly(116L, 120L, 140L, 160L);
    assertThat(lines)
        .extracting(line -> line.get("epoch").doubleValue())
        .containsExactly(2.9, 3.0, 3.5, 4.0);
    double[] before = {2.4, 2.9, 3.0, 3.5};
    for (int i = 0; i < before.length; i++) {
      double cosine = 0.5 * (1 + Math.cos(Math.PI * before[i] / 4));
      assertThat(lines.get(i).at("/lr/a").doubleValue()).isCloseTo(0.05 * cosine, within(1e-9));
    }
    assertThat(heard.steps.getFirst().totalSteps()).isEqualTo(16);
  }

  @Test
  void aRestThatIsNoBatchOfTheNewSizeEndsItsEpochAsAnEpochEnds() {
    run("rest", "steps=12", "evaluate.run.near.type=nearest").train();
    RunOf run = run("rest", "batch=30", "evaluate.run.near.type=nearest");
    Outcome outcome = run.resume();
    assertThat(outcome.steps()).as("one step of the fourth epoch").isEqualTo(13);
    assertThat(
            run.metrics().stream()
                .filter(line -> line.has("evaluation"))
                .map(line -> line.get("step") + " " + line.get("epoch"))
                .distinct())
        .containsExactly("5 1.0", "10 2.0", "12 2.4", "12 3.0", "13 4.0");
  }

  @Test
  void partsAndWorkersChangeNothingInTheOrder() {
    Outcome straight = run("straight", "data.workers=1").train();
    run("parts", "steps=7").train();
    RunOf run = run("parts", "data.workers=3", "logEvery=2", "checkpoints.everySteps=4");
    assertThat(run.resume().weightsSha256()).isEqualTo(straight.weightsSha256());
    run("accumulate", "steps=7").train();
    assertThat(run("accumulate", "accumulate=2").resume().steps()).isEqualTo(straight.steps());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          seed=12                            | seed cannot change in a run that goes on: it was 11
          queueStart=random                  | queueStart cannot change
          spaces.self.norm=batch             | spaces.self.norm cannot change
          optimizer.type=sgd                 | optimizer.type cannot change
          data.train=val                     | data.train cannot change
          modalities.a.columns=[other]       | modalities.a.columns cannot change
          modalities.a.weights=some.file     | modalities.a.weights cannot change
          objectives.near.positives.atLeast=2| objectives.near.positives.atLeast cannot change
          precision=bf16                     | precision cannot change
          epochs=2                           | epochs must be more than the 2.40 that the run has done
          steps=11                           | steps must be at least the 12 that the run has done
          modalities.a.batchNorm=true        | the checkpoint does not fit the configuration
          """)
  void whatMakesAnotherRunIsRefusedAndNothingIsWritten(String change, String sentence)
      throws IOException {
    RunOf run = run("refused", "steps=12");
    run.train();
    byte[] record = Files.readAllBytes(run.folder().resolve("run.json"));
    byte[] config = Files.readAllBytes(run.folder().resolve("config.yaml"));
    byte[] starts = Files.readAllBytes(run.folder().resolve("starts.jsonl"));
    assertThatThrownBy(() -> run("refused", change).resume())
        .isInstanceOf(MmctException.class)
        .hasMessageContaining(sentence);
    assertThat(run.folder().resolve("run.json")).hasBinaryContent(record);
    assertThat(run.folder().resolve("config.yaml")).hasBinaryContent(config);
    assertThat(run.folder().resolve("starts.jsonl")).hasBinaryContent(starts);
  }

  @Test
  void normalisationThatIsTakenAwayIsRefused() {
    run("norm", "steps=3", "modalities.a.batchNorm=true").train();
    assertThatThrownBy(() -> run("norm").resume())
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("does not fit the configuration: it holds 'momentum.a.");
  }

  @Test
  void samplesThatWereSortedIntoOtherSplitsAreRefused() throws IOException {
    RunOf run = run("ids", "steps=3");
    run.train();
    Path record = run.folder().resolve("run.json");
    String text = Files.readString(record);
    assertThat(text).contains("ids_sha256");
    Files.writeString(record, text.replaceFirst("(\"ids_sha256\" : \")...", "$1000"));
    // As whoever changes such a file by hand must do.
    Files.delete(run.folder().resolve("SHA256SUMS"));
    assertThatThrownBy(() -> run("ids").resume())
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("the split 'train' has other samples than the run");
  }

  /// Older versions wrote how many steps were done and samples seen, and nothing of the place.
  @Test
  void aCheckpointOfAnOlderVersionGoesOn() throws IOException {
    Outcome straight = run("straight").train();
    run("old", "steps=13").train();
    RunOf old = run("old");
    Checkpoints checkpoints = Checkpoints.open(old.folder().resolve("checkpoints"));
    try (Checkpoint newest = checkpoints.latest(note -> {}).orElseThrow();
        NDManager manager = NDManager.newBaseManager()) {
      Map<String, NDArray> arrays = newest.readAll(manager);
      Map<String, String> metadata = new LinkedHashMap<>(newest.metadata());
      metadata.keySet().removeAll(List.of("step", "sha256", "epoch", "epoch_samples", "rows"));
      checkpoints.save(newest.step(), arrays, metadata);
    }
    Files.delete(old.folder().resolve("starts.jsonl"));
    assertThat(old.resume().weightsSha256()).isEqualTo(straight.weightsSha256());
    List<JsonNode> starts = old.lines("starts.jsonl");
    assertThat(starts).hasSize(2);
    assertThat(starts.getFirst().get("reconstructed").booleanValue()).isTrue();
    assertThat(starts.getFirst().at("/settings/steps").intValue()).isEqualTo(13);
    assertThat(starts.getLast().at("/changed/0/key").textValue()).isEqualTo("steps");
  }

  @Test
  void everyStartIsWrittenDown() throws IOException {
    RunOf run = run("starts", "steps=5");
    run.train();
    Path file = run.folder().resolve("starts.jsonl");
    // What a process has left that was killed while it wrote.
    Files.writeString(file, "{\"time\":\"20", StandardOpenOption.APPEND);
    run("starts", "steps=9", "batch=10", "optimizer.lr=0.01").resume();
    run("starts", "batch=10", "optimizer.lr=0.01").resume();
    List<JsonNode> starts = run.lines("starts.jsonl");
    assertThat(starts).hasSize(3);
    assertThat(starts.get(0).get("resumed").booleanValue()).isFalse();
    assertThat(starts.get(0).at("/command/1").textValue()).isEqualTo("test");
    assertThat(starts.get(0).at("/versions/java").textValue()).startsWith("25");
    assertThat(starts.get(0).at("/versions/djl").textValue()).isNotEmpty();
    assertThat(starts.get(0).at("/hardware/device").textValue()).isEqualTo("cpu");
    assertThat(starts.get(0).at("/settings/batch").intValue()).isEqualTo(8);
    assertThat(starts.get(1).get("step").intValue()).isEqualTo(5);
    assertThat(starts.get(1).get("changed"))
        .extracting(change -> change.get("key").textValue() + change.get("from") + change.get("to"))
        .containsExactly("batch810", "optimizer.lr0.020.01", "steps59");
    assertThat(starts.get(2).get("changed"))
        .extracting(change -> change.get("key").textValue())
        .containsExactly("steps");
    assertThat(starts.get(2).at("/settings/batch").intValue()).isEqualTo(10);
  }

  @Test
  void anotherMeasureOfTheBestForgetsTheOldOne() {
    String[] one = {"evaluate.run.s.type=scripted", "checkpoints.best=s.value", "steps=5"};
    run("best", one).with(Toys.catalogue(30.0)).train();
    String[] two = {
      "evaluate.run.s.type=scripted",
      "evaluate.run.near.type=nearest",
      "checkpoints.best=near.share",
      "steps=10"
    };
    RunOf run = run("best", two).with(Toys.catalogue(1.0));
    RunOf.Heard heard = new RunOf.Heard();
    run.resume(heard);
    assertThat(heard.notes).anyMatch(note -> note.contains("was judged in another way"));
    try (Checkpoint best =
        mmct.api.run.RunFolder.reading(run.folder()).checkpoints().best().orElseThrow()) {
      assertThat(best.step()).isEqualTo(10);
    }
  }
}
