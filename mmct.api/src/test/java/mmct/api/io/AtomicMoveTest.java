package mmct.api.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A finished file replaces another in one step.
class AtomicMoveTest {
  @TempDir Path folder;

  @Test
  void aFinishedFileReplacesTheOldOne() throws IOException {
    Path finished = Files.writeString(folder.resolve("new"), "new");
    Path target = Files.writeString(folder.resolve("old"), "old");
    AtomicFiles.move(finished, target);
    assertThat(target).hasContent("new");
    assertThat(finished).doesNotExist();
  }

  @Test
  void aFileThatIsNotThereLeavesTheOldOne() throws IOException {
    Path target = Files.writeString(folder.resolve("old"), "old");
    assertThatThrownBy(() -> AtomicFiles.move(folder.resolve("none"), target))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("cannot be written: there is no such file");
    assertThat(target).hasContent("old");
  }
}
