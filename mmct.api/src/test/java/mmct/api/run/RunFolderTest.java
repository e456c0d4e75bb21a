package mmct.api.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path temporary;

  private Path folder() {
    return temporary.resolve("runs/one");
  }

  private RunFolder created() {
    RunFolder run = RunFolder.create(folder());
    run.writeConfig("batch: 2\n");
    return run;
  }

  @Test
  void aRunIsNotOverwritten() {
    created().close();
    assertThatThrownBy(() -> RunFolder.create(folder()))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("runs/one already holds a run")
        .hasMessageContaining("--resume")
        .hasMessageContaining("--out");
    try (RunFolder again = RunFolder.resume(folder())) {
      assertThat(again.config()).isEqualTo("batch: 2\n");
    }
  }

  @Test
  void aFolderWithoutARunIsNotResumed() throws IOException {
    assertThatThrownBy(() -> RunFolder.resume(folder()))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("runs/one holds no run to resume");
    assertThat(folder()).doesNotExist();
    Files.createDirectories(folder());
    Files.writeString(folder().resolve("notes.txt"), "mine");
    assertThatThrownBy(() -> RunFolder.reading(folder())).hasMessageContaining("holds no run");
    created().close();
    assertThat(folder().resolve("notes.txt")).as("other files are left alone").exists();
  }

  @Test
  void twoWritersExcludeEachOtherAndReadersAreFree() {
    try (RunFolder first = created()) {
      assertThatThrownBy(() -> RunFolder.resume(folder()))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("another process is writing the run in " + folder());
      try (RunFolder reader = RunFolder.reading(folder())) {
        assertThat(reader.config()).isEqualTo(first.config());
      }
    }
    RunFolder.resume(folder()).close();
  }

  @Test
  void aFileWhereTheFolderShouldBeIsNamed() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "x");
    assertThatThrownBy(() -> RunFolder.create(file))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining(file + " is a file where a folder is needed");
  }

  @Test
  void aReadOnlyFolderIsToldInOneSentence() {
    try (SmallDisk disk = SmallDisk.mount(temporary, "1m")) {
      created().close();
      disk.makeReadOnly();
      assertThatThrownBy(() -> RunFolder.resume(folder()))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("cannot be written to: Read-only file system");
      try (RunFolder reader = RunFolder.reading(folder())) {
        assertThat(reader.checkpoints().latest(warning -> {})).isEmpty();
      }
    }
  }

  @Test
  void theRecordKeepsItsOrderAndCanBeRewritten() throws IOException {
    try (RunFolder run = created()) {
      assertThat(run.record()).isEmpty();
      Map<String, Object> record = new LinkedHashMap<>();
      record.put("seed", 1);
      record.put("command", List.of("mmct", "train"));
      record.put("loss", Double.NaN);
      run.writeRecord(record);
      record.put("status", "done");
      run.writeRecord(record);
      assertThat(run.record().keySet()).containsExactly("seed", "command", "loss", "status");
      assertThat(run.record()).containsEntry("seed", 1).containsEntry("loss", "NaN");
      assertThat(Files.readString(folder().resolve("run.json"))).endsWith("\n}\n");
    }
  }

  @Test
  void failuresAndResultsHaveFilesOfTheirOwn() {
    try (RunFolder run = created()) {
      run.writeFailure(Map.of("step", 3));
      run.writeResult("retrieval.val", Map.of("R@10", 0.5));
      assertThat(folder().resolve("failure.json")).hasContent("{\n  \"step\" : 3\n}");
      assertThat(folder().resolve("results/retrieval.val.json"))
          .content()
          .contains("\"R@10\" : 0.5");
      for (String name : List.of("../x", "a/b", "", ".", "..", "a\u0000", "x".repeat(101))) {
        assertThatThrownBy(() -> run.writeResult(name, Map.of()))
            .isInstanceOf(MmctException.class)
            .hasMessageContaining("letters");
      }
    }
    RunFolder.resume(folder()).close();
    assertThat(folder().resolve("failure.json")).as("a resumed run has not failed").doesNotExist();
  }

  @Test
  void eachModalityKeepsFilesOfItsOwn() {
    try (RunFolder run = created()) {
      run.artefacts("wörter").write("list.txt", new byte[] {1});
      assertThat(run.artefacts("wörter").read("list.txt")).contains(new byte[] {1});
      assertThat(run.artefacts("other").read("list.txt")).isEqualTo(Optional.empty());
      assertThat(folder().resolve("modalities/wörter/list.txt")).exists();
    }
  }

  @Test
  void aResumedRunFindsItsCheckpoints() {
    try (RunFolder run = created()) {
      run.checkpoints().save(4, Map.of(), content -> content.add("x", new long[] {4}));
    }
    try (RunFolder run = RunFolder.resume(folder());
        Checkpoint latest = run.checkpoints().latest(warning -> {}).orElseThrow()) {
      assertThat(latest.step()).isEqualTo(4);
    }
  }

  @Test
  void metricsAreOneValidJsonObjectPerLine() throws IOException {
    try (RunFolder run = created()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("step", 1);
      line.put("nan", Float.NaN);
      line.put("terms", Map.of("up", Double.POSITIVE_INFINITY));
      line.put("down", Double.NEGATIVE_INFINITY);
      line.put("text", "two\nlines ü");
      run.metrics().append(line);
      assertThat(run.metrics().file())
          .content(StandardCharsets.UTF_8)
          .as("a line is there as soon as it is appended")
          .isEqualTo(
              "{\"step\":1,\"nan\":\"NaN\",\"terms\":{\"up\":\"Infinity\"},\"down\":\"-Infinity\",\"text\":\"two\\nlines ü\"}\n");
      run.skipped().append(Map.of("sample", "s1"));
      assertThat(run.skipped().file()).hasContent("{\"sample\":\"s1\"}");
    }
  }

  @Test
  void resumingDropsWhatCameAfterTheCheckpointAndATornLine() throws IOException {
    try (RunFolder run = created()) {
      for (long step = 1; step <= 9; step++) {
        run.metrics().append(Map.of("step", step));
      }
      run.metrics().append(Map.of("note", "without a step"));
    }
    Path metrics = folder().resolve("metrics.jsonl");
    Files.writeString(metrics, Files.readString(metrics) + "{\"step\": 2, \"lo");
    try (RunFolder run = RunFolder.resume(folder())) {
      run.metrics().truncateAfter(3);
      run.skipped().truncateAfter(3);
      assertThat(metrics)
          .hasContent("{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n{\"note\":\"without a step\"}\n");
      run.metrics().append(Map.of("step", 4));
      assertThat(Files.readAllLines(metrics)).hasSize(5).last().isEqualTo("{\"step\":4}");
    }
  }

  @Test
  void aWholeLastLineWithoutItsEndStays() throws IOException {
    try (RunFolder run = created()) {
      Files.writeString(run.metrics().file(), "{\"step\":1}\n{\"step\":2}");
      run.metrics().truncateAfter(2);
      run.metrics().append(Map.of("step", 3));
      assertThat(run.metrics().file()).hasContent("{\"step\":1}\n{\"step\":2}\n{\"step\":3}");
    }
  }

  @Test
  void aFullDiskLeavesNoTornLine() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(temporary, "64k");
        RunFolder run = RunFolder.create(disk.folder().resolve("run"))) {
      assertThatThrownBy(
              () -> {
                for (int step = 0; step < 1000; step++) {
                  run.metrics().append(Map.of("text", "x".repeat(1000)));
                }
              })
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("metrics.jsonl cannot be written: No space left on device");
      assertThat(Files.readString(run.metrics().file())).endsWith("\"}\n");
    }
  }
}
