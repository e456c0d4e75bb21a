package mmct.cli.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import mmct.cli.PackagedProgram.Ended;
import mmct.cli.survival.Program.Started;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A run that is killed or stopped, and goes on, ends as one that was left alone: the same weights
/// to the last bit, the same metrics, nothing twice and nothing missing.
class InterruptedRunsTest {
  @TempDir private static Path folder;
  private static Program program;
  private static String configuration;
  private static Run undisturbed;

  @BeforeAll
  static void runUndisturbed() throws IOException, InterruptedException {
    program = Program.in(folder);
    configuration = TinyRuns.words(folder).toString();
    undisturbed = new Run(folder.resolve("undisturbed"));
    Ended ended = program.run(fresh(undisturbed));
    assertThat(ended.error()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    assertThat(undisturbed.lastStep()).isEqualTo(60);
  }

  private static String[] fresh(Run run) {
    return new String[] {"train", "--config", configuration, "--out", run.folder().toString()};
  }

  private static String[] resume(Run run) {
    return new String[] {"train", "--resume", "--out", run.folder().toString()};
  }

  private static void assertSame(Run run) throws IOException {
    assertThat(run.status()).isEqualTo("finished");
    assertThat(run.weights()).isEqualTo(undisturbed.weights());
    assertThat(run.metrics()).isEqualTo(undisturbed.metrics());
    assertThat(run.record().path("figures")).isEqualTo(undisturbed.record().path("figures"));
  }

  /// The newest two and the best.
  private static void assertSameCheckpoints(Run run) throws IOException {
    assertThat(run.unfinished()).isEmpty();
    List<Path> expected = undisturbed.checkpoints();
    List<Path> actual = run.checkpoints();
    assertThat(actual).hasSize(3).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).getFileName()).isEqualTo(expected.get(i).getFileName());
      assertThat(actual.get(i)).hasSameBinaryContentAs(expected.get(i));
    }
  }

  /// Nor do checkpoints, which are one after each step here.
  @Test
  void neitherTheNumberOfWorkersNorTheLanguageOfTheMachineChangesTheRun()
      throws IOException, InterruptedException {
    Run other = new Run(folder.resolve("one-worker"));

    Ended ended =
        program
            .withJava("-Duser.language=ar -Duser.country=EG")
            .run(
                "train",
                "--config",
                configuration,
                "--set",
                "data.workers=1",
                "--out",
                other.folder().toString());

    assertThat(ended.exitCode()).isZero();
    assertSame(other);
    assertSameCheckpoints(other);
  }

  @Test
  void aRunKilledAgainAndAgainEndsLikeOneThatWasLeftAlone()
      throws IOException, InterruptedException {
    Run run = new Run(folder.resolve("killed"));
    Random random = new Random(20);
    for (long moment : List.of(0L, 9L, 21L, 33L, 44L)) {
      Started started = program.start(run.hasBegun() ? resume(run) : fresh(run));
      // The first moment is somewhere in the start of the program.
      started.until(() -> run.lastStep() >= moment);
      TimeUnit.MILLISECONDS.sleep(random.nextInt(moment == 0 ? 2000 : 60));
      assertThat(started.kill().error()).isEmpty();
    }

    Ended ended = program.run(run.hasBegun() ? resume(run) : fresh(run));

    assertThat(ended.error()).isEmpty();
    assertThat(ended.out()).containsPattern("resumed after step \\d+");
    assertSame(run);
    assertSameCheckpoints(run);
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143, 11", "INT, 130, 29"})
  void aSignalWritesACheckpointAndEndsTheRunWithinSeconds(String signal, int code, long moment)
      throws IOException, InterruptedException {
    Run run = new Run(folder.resolve("stopped-" + signal));
    String[] withoutCheckpoints = {
      "train",
      "--config",
      configuration,
      "--set",
      "checkpoints.everySteps=0",
      "--out",
      run.folder().toString()
    };
    Started started = listeningToSignals().start(withoutCheckpoints);
    started.until(() -> run.lastStep() >= moment).signal(signal);
    long since = System.nanoTime();

    Ended stopped = started.await();

    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since)).isLessThan(10);
    assertThat(stopped.exitCode()).isEqualTo(code);
    assertThat(stopped.error()).isEmpty();
    assertThat(stopped.out()).contains("mmct train --resume --out " + run.folder());
    assertThat(run.status()).isEqualTo("stopped");
    assertThat(run.newestCheckpoint())
        .asString()
        .endsWith("step-%09d.safetensors".formatted(run.lastStep()));

    String[] further = resume(run);
    assertThat(program.run(further).exitCode()).isZero();
    assertSame(run);
  }

  /// A shell that starts a job in the background makes it deaf to Ctrl-C.
  private static Program listeningToSignals() throws IOException, InterruptedException {
    String[] launcher = {"env", "--default-signal=INT"};
    int code = new ProcessBuilder("env", "--default-signal=INT", "true").start().waitFor();
    Assumptions.assumeTrue(code == 0, "needs an env that can restore signals");
    return program.startedBy(launcher);
  }

  /// Two hundred thousand samples to judge on would take minutes.
  @Test
  void aSignalEndsAnEvaluationWhichIsMadeWhenTheRunGoesOn()
      throws IOException, InterruptedException {
    Run run = new Run(folder.resolve("judged"));
    Started started =
        program.start(
            "train",
            "--config",
            configuration,
            "--set",
            "data.options.val=200000",
            "--set",
            "steps=5",
            "--out",
            run.folder().toString());
    started.until(() -> run.lastStep() == 5);
    TimeUnit.SECONDS.sleep(1);
    long since = System.nanoTime();

    Ended stopped = started.signal("TERM").await();

    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since)).isLessThan(10);
    assertThat(stopped.exitCode()).isEqualTo(143);
    assertThat(run.status()).isEqualTo("stopped");
    assertThat(run.metrics()).isEqualTo(undisturbed.metrics().subList(0, 5));

    String[] onASmallerSplit = {
      "train", "--resume", "--out", run.folder().toString(), "--set", "evaluate.split=test"
    };
    assertThat(program.run(onASmallerSplit).exitCode()).isZero();
    assertThat(run.status()).isEqualTo("finished");
    assertThat(run.metrics()).hasSize(6);
    assertThat(run.metrics().getLast().path("figures")).isNotEmpty();
    assertThat(run.record().path("figures")).isNotEmpty();
  }
}
