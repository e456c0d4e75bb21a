package mmct.api.run;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// A file system in memory of a few hundred kilobytes; only root can make one.
final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /// Mounts one, or skips the test.
  static SmallDisk mount(Path folder, String size) {
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString()),
        "a small disk can only be mounted by root on Linux");
    return new SmallDisk(folder);
  }

  /// Where it is mounted.
  Path folder() {
    return folder;
  }

  void makeReadOnly() {
    Assumptions.assumeTrue(run("mount", "-o", "remount,ro", folder.toString()), "cannot remount");
  }

  @Override
  public void close() {
    if (!run("umount", "-l", folder.toString())) {
      throw new IllegalStateException(folder + " could not be unmounted");
    }
  }

  private static boolean run(String... command) {
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
