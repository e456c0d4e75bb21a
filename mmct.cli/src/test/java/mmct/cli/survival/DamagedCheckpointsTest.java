package mmct.cli.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import mmct.cli.PackagedProgram.Ended;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints that were damaged on the disk are never used, and never worse than lost.
class DamagedCheckpointsTest {
  @TempDir private static Path folder;
  private static Program program;
  private static Run undisturbed;

  @BeforeAll
  static void run() throws IOException, InterruptedException {
    program = Program.in(folder);
    String configuration = TinyRuns.words(folder).toString();
    undisturbed = new Run(folder.resolve("undisturbed"));
    Ended ended =
        program.run(
            "train",
            "--config",
            configuration,
            "--out",
            undisturbed.folder().toString(),
            "--set",
            "steps=12",
            "--set",
            "checkpoints.keep=3",
            "--set",
            "checkpoints.best=null",
            "--set",
            "evaluate.everyEpochs=0");
    assertThat(ended.exitCode()).isZero();
  }

  private static Ended resume(Run run) throws IOException, InterruptedException {
    return program.run("train", "--resume", "--out", run.folder().toString());
  }

  @Test
  void theNewestIntactOneIsUsedAndTheOthersAreNamed() throws IOException, InterruptedException {
    Run run = undisturbed.copyTo(folder.resolve("two-damaged"));
    List<Path> checkpoints = run.checkpoints();
    Run.cut(checkpoints.get(2), 0.6);
    Run.flipOneBit(checkpoints.get(1));

    Ended ended = resume(run);

    assertThat(ended.exitCode()).isZero();
    assertThat(ended.error().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("mmct: warning: "))
        .allMatch(line -> line.endsWith("the checkpoint of step 10 is used"));
    assertThat(ended.error())
        .contains(checkpoints.get(2) + " is damaged", checkpoints.get(1) + " is damaged");
    assertThat(ended.out()).contains("resumed after step 10");
    assertThat(run.weights()).isEqualTo(undisturbed.weights());
    assertThat(run.metrics()).isEqualTo(undisturbed.metrics());
  }

  @Test
  void aRunWithoutAnIntactOneIsRefused() throws IOException, InterruptedException {
    Run run = undisturbed.copyTo(folder.resolve("all-damaged"));
    for (Path checkpoint : run.checkpoints()) {
      Run.flipOneBit(checkpoint);
    }

    Ended ended = resume(run);

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.error())
        .startsWith(
            "mmct: no checkpoint in %s is intact".formatted(run.folder().resolve("checkpoints")))
        .hasLineCount(1);
    assertThat(run.metrics()).isEqualTo(undisturbed.metrics());
  }
}
