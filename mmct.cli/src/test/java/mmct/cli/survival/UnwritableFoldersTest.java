package mmct.cli.survival;

import static mmct.cli.survival.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import mmct.cli.PackagedProgram.Ended;
import mmct.cli.survival.Program.Started;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders that cannot be written to, or that belong to another run.
class UnwritableFoldersTest {
  @TempDir private Path folder;
  private Program program;
  private Run run;

  @BeforeEach
  void prepare() throws IOException {
    TinyRuns.words(folder);
    program = Program.in(folder);
    run = new Run(folder.resolve("run"));
  }

  private Ended train(Object out, String... more) throws IOException, InterruptedException {
    return program.run(arguments(out, more));
  }

  private static String[] arguments(Object out, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--config", "words.yaml", "--out", out.toString()));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  @Test
  void aPathThroughAFileIsRefused() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertRefused(
        train("file/run"),
        1,
        "the run folder file/run cannot be written to",
        file + " is a file where a folder is needed");
  }

  @Test
  void aReadOnlyDiskIsRefusedBeforeTheRunIsPrepared() throws IOException, InterruptedException {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "ro,size=1m")) {
      Ended ended = train("disk/run");

      assertRefused(ended, 1, "the run folder disk/run cannot be written to", "read-only");
      assertThat(ended.out()).isEmpty();
      assertThat(disk.folder()).isEmptyDirectory();
    }
  }

  @Test
  void aDiskThatIsFullFromTheStartKeepsNothingOfTheRun() throws IOException, InterruptedException {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "size=1m")) {
      Files.write(disk.folder().resolve("other"), new byte[(1 << 20)]);

      assertRefused(train("disk/run"), 1, "cannot be written: No space left on device");
      assertThat(disk.folder().resolve("run")).doesNotExist();
    }
  }

  /// A checkpoint takes half a megabyte, and two are kept beside the one that is being written.
  @Test
  void aDiskThatFillsUpStopsTheRunWithItsLastCheckpointIntact()
      throws IOException, InterruptedException {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "size=900k")) {
      assertRefused(
          train("disk/run"),
          1,
          "step-000000002.safetensors cannot be written: No space left on device");

      Run stopped = new Run(disk.folder().resolve("run"));
      assertThat(stopped.checkpoints()).hasSize(1);
      assertThat(stopped.unfinished()).isEmpty();
      assertThat(stopped.status()).isEqualTo("failed");
      assertThat(stopped.failure().path("step").asInt()).isEqualTo(3);
    }
  }

  @Test
  void arunIsNeitherOverwrittenNorWrittenByTwoProcesses() throws IOException, InterruptedException {
    Started first =
        program
            .start(arguments(run.folder(), "--set", "epochs=100000"))
            .until(() -> run.lastStep() > 0);

    assertRefused(train(run.folder()), 1, "already holds a run", "--resume", "--out");
    assertRefused(
        program.run("train", "--resume", "--out", "run"), 1, "another process is writing the run");

    first.kill();
    Map<String, String> before = content();
    assertRefused(train(run.folder()), 1, "already holds a run");
    assertThat(content()).isEqualTo(before);
  }

  private Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run.folder())) {
      for (Path file : files.toList()) {
        content.put(
            file.toString(),
            Files.isDirectory(file)
                ? ""
                : "%d %s".formatted(Files.size(file), Files.getLastModifiedTime(file)));
      }
    }
    return content;
  }
}
