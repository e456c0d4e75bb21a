package mmct.cli.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import mmct.cli.PackagedProgram.Ended;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs on pictures, one of which is broken, whose checkpoints are large enough to be caught while
/// they are being written.
class LargeCheckpointsTest {
  @TempDir private Path folder;

  @Test
  void aRunKilledWhileItWritesItsCheckpointsEndsLikeOneThatWasLeftAlone()
      throws IOException, InterruptedException {
    Photos.make(folder, 48).truncate(17);
    Program program = Program.in(folder);
    String configuration = TinyRuns.pictures(folder).toString();
    Run undisturbed = new Run(folder.resolve("undisturbed"));
    Run killed = new Run(folder.resolve("killed"));
    String[] fresh = {"train", "--config", configuration, "--out", killed.folder().toString()};
    String[] resume = {"train", "--resume", "--out", killed.folder().toString()};

    program.run("train", "--config", configuration, "--out", undisturbed.folder().toString());
    // The first checkpoint is lost, the third too, but not the second.
    program.start(fresh).until(() -> !killed.unfinished().isEmpty()).kill();
    assertThat(killed.unfinished()).as("killed while it was being written").hasSize(1);
    assertThat(killed.checkpoints()).isEmpty();
    program
        .start(resume)
        .until(() -> killed.lastStep() >= 6 && !killed.unfinished().isEmpty())
        .kill();
    assertThat(killed.unfinished()).hasSize(1);
    assertThat(killed.checkpoints()).isNotEmpty();
    Ended ended = program.run(resume);

    assertThat(ended.out()).contains("resumed after step 4");
    assertThat(killed.weights()).isEqualTo(undisturbed.weights()).hasSize(64);
    assertThat(killed.metrics()).hasSize(12).isEqualTo(undisturbed.metrics());
    assertThat(killed.skipped()).hasSize(1).isEqualTo(undisturbed.skipped());
    assertThat(killed.unfinished()).isEmpty();
  }
}
