package mmct.api.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ThreadsTest {
  /// Field 19 of the kernel's line on the calling thread, of which field 2 may hold spaces.
  private static int niceness() {
    try {
      String line = Files.readString(Path.of("/proc/thread-self/stat"));
      return Integer.parseInt(line.substring(line.lastIndexOf(')') + 2).split(" ")[16]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void givingWayConcernsTheCallingThreadAlone() {
    int before = niceness();
    CompletableFuture<Integer> other = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  Threads.giveWay();
                  other.complete(niceness());
                });
    assertThat(other.join()).isEqualTo(Math.min(19, before + 5));
    assertThat(thread).isNotNull();
    assertThat(niceness()).isEqualTo(before);
  }
}
