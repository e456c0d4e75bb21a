package mmct.cli.survival;

import static mmct.cli.survival.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mmct.cli.PackagedProgram.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that go wrong say where, and can be taken up again.
class FailedRunsTest {
  @TempDir private Path folder;
  private Program program;
  private Run run;

  @BeforeEach
  void prepare() throws IOException {
    program = Program.in(folder);
    run = new Run(folder.resolve("run"));
  }

  private Ended mmct(String words) throws IOException, InterruptedException {
    return program.run(words.split(" "));
  }

  /// The learning rate explodes after the first of three epochs.
  @Test
  void aLossThatIsNoNumberStopsTheRunWhichGoesOnFromBeforeWithAnotherSetting()
      throws IOException, InterruptedException {
    TinyRuns.words(folder);
    Ended ended =
        mmct(
            "train --config words.yaml --out run --set epochs=3 --set optimizer.type=sgd"
                + " --set schedule.type=step --set schedule.milestones=[1]"
                + " --set schedule.gamma=1e30 --set checkpoints.everySteps=3"
                + " --set checkpoints.best=null --set evaluate.run=null");

    assertRefused(ended, 1, "became", "in step");
    long step = run.failure().path("step").asLong();
    assertThat(step).isBetween(7L, 9L);
    assertThat(run.failure().path("objective").asText()).isIn("cc", "ct", "tc");
    assertThat(run.failure().path("samples")).isNotEmpty();
    assertThat(run.status()).isEqualTo("failed");
    assertThat(run.lastStep()).isEqualTo(step - 1);
    assertThat(run.newestCheckpoint().toString()).endsWith("006.safetensors");

    Ended resumed = mmct("train --resume --out run --set schedule.gamma=0.1");

    assertThat(resumed.out()).contains("resumed after step 6");
    assertThat(run.status()).isEqualTo("finished");
    assertThat(run.metrics())
        .extracting(line -> line.path("step").asInt())
        .doesNotHaveDuplicates()
        .hasSize(18);
    assertThat(run.folder().resolve("failure.json")).doesNotExist();
    assertThat(run.folder().resolve("config.yaml")).content().contains("gamma: 0.1");
  }

  @Test
  void aRunDoesNotGoOnWithOtherDataThanItBeganWith() throws IOException, InterruptedException {
    TinyRuns.pictures(folder);
    Photos photos = Photos.make(folder, 16);
    String onWords =
        " --set modalities.image=null --set spaces.image-self=null --set objectives.ii=null"
            + " --set objectives.tag=null --set modalities.tags=null --set objectives.ic=null"
            + " --set objectives.ci=null --set spaces.common=null";
    assertThat(mmct("train --config pictures.yaml --out run --set steps=2" + onWords).exitCode())
        .isZero();
    String weights = run.weights();
    List<String> rows = new ArrayList<>(photos.rows());
    rows.add("s99,1.png,a red dog,a blue cat,dog;cat,train");
    photos.write(rows);

    assertRefused(
        mmct("train --resume --out run --set steps=4"),
        1,
        "the data is not what the run in run began with");
    assertThat(run.weights()).isEqualTo(weights);

    photos.write(photos.rows());
    assertThat(mmct("train --resume --out run --set steps=4").exitCode()).isZero();
    assertThat(run.lastStep()).isEqualTo(4);
  }

  @Test
  void aDryRunLeavesNothing() throws IOException, InterruptedException {
    TinyRuns.words(folder);

    Ended ended = mmct("train --config words.yaml --dry-run --out run");

    assertThat(ended.error()).isEmpty();
    assertThat(ended.out()).contains("term       cc", "memory");
    assertThat(run.folder()).doesNotExist();
    assertThat(folder.resolve("runs")).doesNotExist();
  }
}
