package mmct.cli.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import mmct.cli.PackagedProgram.Ended;
import mmct.cli.reliability.Tally;
import mmct.cli.survival.Program.Started;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged program is killed, or stopped by a signal, at random moments again and again, two
/// of it want one folder, and the run ends as one that was left alone.
class KilledProcessesTest {
  /// How often a process is ended; a campaign does it a thousand times.
  private static final int ENDS = Integer.getInteger("mmct.reliability.kills", 4);

  private static final long SEED = Long.getLong("mmct.reliability.seed", 1);

  /// A run is ended so often before it may go on to its end.
  private static final int CHAIN = 8;

  @TempDir private static Path folder;
  private static Program program;
  private static Path configuration;
  private static Run undisturbed;

  @BeforeAll
  static void runUndisturbed() throws IOException, InterruptedException {
    program = Program.in(folder);
    configuration = TinyRuns.words(folder);
    undisturbed = new Run(folder.resolve("undisturbed"));
    assertThat(program.run(words(undisturbed)).exitCode()).isZero();
  }

  private static String[] words(Run run) {
    return run.hasBegun()
        ? new String[] {"train", "--resume", "--out", run.folder().toString()}
        : new String[] {
          "train", "--config", configuration.toString(), "--out", run.folder().toString()
        };
  }

  @Test
  void aRunWhoseProcessEndsAtRandomMomentsEndsLikeOneThatWasLeftAlone()
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> wrong = new ArrayList<>();
    int ends = 0;
    for (int chain = 0; ends < ENDS; chain++) {
      Run run = new Run(folder.resolve("chain-" + chain));
      for (int i = 0; i < CHAIN && ends < ENDS; i++) {
        wrong.addAll(end(run, random));
        ends++;
      }
      Ended last = program.run(words(run));
      if (last.exitCode() != 0) {
        wrong.add("chain %d cannot go on: %s".formatted(chain, last.error()));
      } else if (!run.weights().equals(undisturbed.weights())
          || !run.metrics().equals(undisturbed.metrics())
          || !run.unfinished().isEmpty()) {
        wrong.add("chain %d ends with other weights, metrics or files".formatted(chain));
      }
    }
    Tally.write("processes killed and stopped", ends, wrong);
    assertThat(wrong).isEmpty();
  }

  /// Starts a run, or the rest of it, and ends it somewhere: mostly while something is written.
  private static List<String> end(Run run, SplittableRandom random)
      throws IOException, InterruptedException {
    Started started = program.start(words(run));
    if (random.nextInt(4) > 0) {
      long steps = run.lastStep();
      started.until(() -> run.lastStep() > steps || run.lastStep() >= 60);
      TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
    } else {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(2500));
    }
    if (random.nextInt(6) == 0) {
      Ended other = program.run("train", "--resume", "--out", run.folder().toString());
      boolean refused = other.exitCode() == 1 && other.error().startsWith("mmct: ");
      // The first may have come to its end meanwhile, or not have begun.
      if (other.exitCode() != 0 && !refused) {
        return List.of("a second process was not refused: " + other.error());
      }
    }
    boolean kills = random.nextInt(10) < 7;
    Ended ended = kills ? started.kill() : started.signal("TERM").await();
    // A signal at the very start ends Java before anybody listens.
    boolean told = !ended.error().isEmpty() && !ended.error().startsWith("mmct: ");
    return told ? List.of("it said: " + ended.error()) : List.of();
  }
}
