package mmct.api.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mmct.api.MmctException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is no file is refused at once, wherever one is read.
class RegularFilesTest {
  @Test
  @Timeout(20)
  void pipeIsRefusedByEveryReader(@TempDir Path folder) throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(made(pipe), "skipped: this system has no mkfifo");

    for (ThrowingCallable reader :
        List.<ThrowingCallable>of(
            () -> RegularFiles.require(pipe),
            () -> SafeTensors.open(pipe).close(),
            () -> ArtefactStore.folder(folder).read("pipe"))) {
      assertThatThrownBy(reader)
          .isInstanceOf(MmctException.class)
          .hasMessage(pipe + " must be a regular file but is a named pipe, a socket or a device");
    }
  }

  @Test
  void filesFoldersAndWhatIsAbsentAreLeftToTheReader(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "a");
    for (Path each : List.of(file, folder, folder.resolve("absent"))) {
      assertThat(RegularFiles.require(each)).isEqualTo(each);
    }
  }

  private static boolean made(Path pipe) throws InterruptedException {
    try {
      return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
