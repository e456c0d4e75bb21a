package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import mmct.api.MmctException;
import mmct.api.training.Training.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A run that was interrupted and resumed is, bit for bit, the run that was not: with dropout,
/// absent modalities, a positives rule, learned parameters and state of losses, batches in parts.
class ResumeTest {
  private static final String[] OVERRIDES = {
    "accumulate=2",
    "keyDropout=true",
    "modalities.b.batchNorm=true",
    "evaluate.run.near.type=nearest",
    "checkpoints.everySteps=3",
    "checkpoints.keep=100",
    "dropLast=false",
    "data.options.samples=37",
    "data.options.broken=1",
    "data.maxBroken=0.5"
  };

  @TempDir Path temp;

  private RunOf run(String name) {
    return new RunOf(temp.resolve(name), TrainingTest.YAML, OVERRIDES);
  }

  private static void same(RunOf actual, Outcome outcome, RunOf expected, Outcome uninterrupted) {
    assertThat(outcome).isEqualTo(uninterrupted);
    assertThat(outcome.status()).isEqualTo("finished");
    same(actual.timelessMetrics(), expected.timelessMetrics());
    same(actual.lines("skipped.jsonl"), expected.lines("skipped.jsonl"));
  }

  private static void same(List<JsonNode> actual, List<JsonNode> expected) {
    for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
      for (String field : fields(expected.get(i), actual.get(i))) {
        assertThat(actual.get(i).get(field))
            .as("%s in line %d", field, i + 1)
            .isEqualTo(expected.get(i).get(field));
      }
    }
    assertThat(actual).hasSameSizeAs(expected);
  }

  private static Set<String> fields(JsonNode... lines) {
    Set<String> names = new TreeSet<>();
    for (JsonNode line : lines) {
      line.fieldNames().forEachRemaining(names::add);
    }
    return names;
  }

  @Test
  void aStoppedAndResumedRunIsTheUninterruptedOne() {
    RunOf straight = run("straight");
    Outcome expected = straight.train();
    RunOf stopped = run("stopped");
    Outcome first = stopped.trainUntil(4);
    assertThat(first.status()).isEqualTo("stopped");
    assertThat(first.steps()).isEqualTo(4);
    assertThat(stopped.record().get("status").textValue()).isEqualTo("stopped");
    assertThat(Files.exists(stopped.checkpoint(4))).isTrue();
    assertThat(stopped.resumeUntil(10).steps()).isEqualTo(10);
    assertThat(stopped.record().get("resumedAtStep").longValue()).isEqualTo(4);
    same(stopped, stopped.resume(), straight, expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 6, 9})
  void aKilledRunGoesOnFromItsNewestCheckpoint(long step) throws IOException {
    RunOf straight = run("straight");
    Outcome expected = straight.train();
    RunOf killed = run("killed");
    killed.trainUntil(11);
    // What a killed process leaves: metrics beyond the newest checkpoint.
    for (long later = step + 1; later <= 11; later++) {
      Files.deleteIfExists(killed.checkpoint(later));
    }
    RunOf.Heard heard = new RunOf.Heard();
    same(killed, killed.resume(heard), straight, expected);
    assertThat(heard.notes).contains("resumed after step " + step);
  }

  @Test
  void aRunKilledBeforeItsFirstCheckpointBeginsAgain() throws IOException {
    RunOf straight = run("straight");
    Outcome expected = straight.train();
    RunOf killed = run("killed");
    killed.trainUntil(2);
    Files.delete(killed.checkpoint(2));
    RunOf.Heard heard = new RunOf.Heard();
    same(killed, killed.resume(heard), straight, expected);
    assertThat(heard.notes).contains("no checkpoint yet: the run starts from its beginning");
  }

  @Test
  void aDamagedCheckpointIsPassedOverWithAWarning() throws IOException {
    RunOf straight = run("straight");
    Outcome expected = straight.train();
    RunOf damaged = run("damaged");
    damaged.trainUntil(8);
    flipABit(damaged.checkpoint(8));
    RunOf.Heard heard = new RunOf.Heard();
    same(damaged, damaged.resume(heard), straight, expected);
    assertThat(heard.notes)
        .anySatisfy(
            note ->
                assertThat(note)
                    .contains("step-000000008.safetensors is damaged")
                    .endsWith("the checkpoint of step 6 is used"));
  }

  private static void flipABit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    Files.write(file, bytes);
  }

  @Test
  void aFinishedRunResumesToItself() {
    RunOf run = run("finished");
    Outcome outcome = run.train();
    List<String> checkpoints = run.checkpoints();
    assertThat(run.resume()).isEqualTo(outcome);
    assertThat(run.checkpoints()).isEqualTo(checkpoints);
  }

  @Test
  void aRunGoesOnWithMoreStepsAsIfItHadAlwaysHadThem() {
    RunOf straight = run("straight");
    Outcome expected = straight.train();
    Path folder = temp.resolve("longer");
    new RunOf(folder, TrainingTest.YAML, with("steps=6")).train();
    assertThat(new RunOf(folder, TrainingTest.YAML, OVERRIDES).resume().weightsSha256())
        .isEqualTo(expected.weightsSha256());
  }

  private static String[] with(String more) {
    String[] all = java.util.Arrays.copyOf(OVERRIDES, OVERRIDES.length + 1);
    all[OVERRIDES.length] = more;
    return all;
  }

  @Test
  void changedDataIsRefused() {
    RunOf run = run("data");
    run.trainUntil(4);
    String record = run.record().toString();
    RunOf changed = new RunOf(run.folder(), TrainingTest.YAML, with("data.options.samples=38"));
    assertThatThrownBy(changed::resume)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("the data is not what the run in " + run.folder() + " began with");
    assertThat(run.record()).hasToString(record);
  }

  @Test
  void aChangedModelIsRefused() {
    RunOf run = run("model");
    run.trainUntil(4);
    RunOf wider = new RunOf(run.folder(), TrainingTest.YAML, with("spaces.common.width=6"));
    assertThatThrownBy(wider::resume)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("spaces.common.width cannot change in a run that goes on: it was 5")
        .hasMessageContaining("is 6 now (--set spaces.common.width=6)");
    RunOf longer = new RunOf(run.folder(), TrainingTest.YAML, with("queue=24"));
    assertThatThrownBy(longer::resume)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("queue cannot change in a run that goes on: it was 16");
    // A provider's option that nobody has marked is told by the weights that do not fit.
    RunOf other = new RunOf(run.folder(), TrainingTest.YAML, with("modalities.b.width=9"));
    assertThatThrownBy(other::resume)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("the checkpoint does not fit the configuration")
        .hasMessageContaining("momentum.b.");
  }

  @Test
  void aFolderWithoutARunCannotBeResumed() {
    assertThatThrownBy(() -> run("nothing").resume())
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("holds no run to resume");
  }
}
