package mmct.cli.survival;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// A file system in memory of a few megabytes; only root can make one.
record SmallDisk(Path folder) implements AutoCloseable {
  /// Mounts one, or skips the test.
  static SmallDisk mount(Path folder, String options) throws IOException {
    Files.createDirectories(folder);
    Assumptions.assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString()),
        "a disk can only be mounted by root on Linux");
    return new SmallDisk(folder);
  }

  @Override
  public void close() {
    if (!succeeds("umount", "-l", folder.toString())) {
      throw new IllegalStateException(folder + " could not be unmounted");
    }
  }

  private static boolean succeeds(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
