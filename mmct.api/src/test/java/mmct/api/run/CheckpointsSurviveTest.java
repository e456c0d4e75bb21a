package mmct.api.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.io.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills, full disks and read-only folders.
class CheckpointsSurviveTest {
  @TempDir Path folder;

  /// The process that is killed: saves checkpoints of two megabytes as fast as it can, each filled
  /// with its step, keeps two, and marks every third as the best.
  public static final class Writer {
    private Writer() {}

    /// Runs until it is killed.
    public static void main(String[] arguments) {
      Path folder = Path.of(arguments[0]);
      Checkpoints checkpoints = Checkpoints.open(folder);
      long step = checkpoints.steps().isEmpty() ? 0 : checkpoints.steps().getLast();
      while (true) {
        step++;
        long[] content = new long[1 << 18];
        java.util.Arrays.fill(content, step);
        checkpoints.save(step, Map.of(), writer -> writer.add("x", content));
        checkpoints.keep(2, Optional.of(step - step % 3).filter(best -> best > 0));
      }
    }
  }

  @Test
  @Timeout(60)
  void noKillAtAnyMomentDamagesACheckpoint() throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(4);
    long before = 0;
    for (int round = 0; round < 6; round++) {
      long known = before;
      Process writer = start();
      try {
        awaitStep(known + 3, writer);
        Thread.sleep(random.nextInt(150));
      } finally {
        writer.destroyForcibly();
        assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
      }
      List<String> warnings = new ArrayList<>();
      Checkpoints checkpoints = Checkpoints.open(folder);
      try (Checkpoint latest = checkpoints.latest(warnings::add).orElseThrow();
          Checkpoint best = checkpoints.best().orElseThrow()) {
        assertThat(warnings).isEmpty();
        assertThat(latest.step()).isGreaterThan(before);
        before = latest.step();
        assertFilledWithItsStep(latest);
        assertFilledWithItsStep(best);
        assertThat(best.step()).isBetween(latest.step() - 4, latest.step());
      }
    }
  }

  private static void assertFilledWithItsStep(Checkpoint checkpoint) {
    try (SafeTensors file = SafeTensors.open(checkpoint.file())) {
      MemorySegment content = file.bytes("x");
      assertThat(content.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(checkpoint.step());
      assertThat(content.get(ValueLayout.JAVA_LONG_UNALIGNED, content.byteSize() - 8))
          .isEqualTo(checkpoint.step());
    }
  }

  private Process start() throws IOException {
    String path =
        String.join(
            File.pathSeparator,
            "target/test-classes",
            "target/classes",
            System.getProperty("jdk.module.path", ""),
            System.getProperty("java.class.path", ""));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            path,
            Writer.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(Path.of("target/checkpoint-writer.log").toFile())
        .start();
  }

  private void awaitStep(long step, Process writer) throws InterruptedException {
    Checkpoints checkpoints = Checkpoints.reading(folder);
    while (checkpoints.steps().isEmpty() || checkpoints.steps().getLast() < step) {
      assertThat(writer.isAlive()).as("target/checkpoint-writer.log tells more").isTrue();
      Thread.sleep(5);
    }
  }

  private static void save(Checkpoints checkpoints, long step, int numbers) {
    checkpoints.save(step, Map.of(), writer -> writer.add("x", new long[numbers]));
  }

  @Test
  void aFullDiskIsToldInOneSentenceAndHarmsNothing() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(folder, "1m")) {
      Path inside = disk.folder().resolve("checkpoints");
      Checkpoints checkpoints = Checkpoints.open(inside);
      save(checkpoints, 1, 50_000);
      byte[] first = Files.readAllBytes(inside.resolve("step-000000001.safetensors"));
      assertThatThrownBy(() -> save(checkpoints, 2, 100_000))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("step-000000002.safetensors cannot be written")
          .hasMessageContaining("No space left on device")
          .hasMessageNotContaining("\n");
      assertOnly(inside, "step-000000001.safetensors", first);
      save(checkpoints, 2, 50_000);
      try (Checkpoint latest = checkpoints.latest(warning -> {}).orElseThrow()) {
        assertThat(latest.step()).as("there is room again").isEqualTo(2);
      }
    }
  }

  @Test
  void aReadOnlyFolderIsToldInOneSentenceAndCanBeRead() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(folder, "1m")) {
      Path inside = disk.folder().resolve("checkpoints");
      Checkpoints checkpoints = Checkpoints.open(inside);
      save(checkpoints, 1, 10);
      byte[] first = Files.readAllBytes(inside.resolve("step-000000001.safetensors"));
      disk.makeReadOnly();
      assertThatThrownBy(() -> save(checkpoints, 2, 10))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("Read-only file system");
      assertOnly(inside, "step-000000001.safetensors", first);
      try (Checkpoint latest = Checkpoints.open(inside).latest(warning -> {}).orElseThrow()) {
        assertThat(latest.step()).isEqualTo(1);
      }
    }
  }

  private static void assertOnly(Path folder, String name, byte[] content) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files)
          .singleElement()
          .satisfies(
              file -> {
                assertThat(file).hasFileName(name);
                assertThat(file).hasBinaryContent(content);
              });
    }
  }
}
