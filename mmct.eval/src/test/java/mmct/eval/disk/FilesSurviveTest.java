package mmct.eval.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mmct.api.io.ArtefactStore;
import mmct.api.io.AtomicFiles;
import mmct.api.run.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are written whole, by a process that dies at each of its operations.
class FilesSurviveTest {
  @TempDir private Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> names(Path of) throws IOException {
    try (Stream<Path> files = Files.list(of)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileIsTheOldOrTheNewOneAndNothingIsLeftInTheEnd() throws IOException {
    List<String> seen = new ArrayList<>();
    boolean ended = false;
    for (int at = 0; !ended; at++) {
      Path into = Files.createDirectories(folder.resolve("file" + at));
      Files.writeString(into.resolve("f.txt"), "old");
      MortalDisk disk = new MortalDisk(into, at);
      try {
        AtomicFiles.write(disk.path(into.resolve("f.txt")), bytes("new"));
        ended = true;
      } catch (MortalDisk.Killed e) {
        seen.add(Files.readString(into.resolve("f.txt")));
      }
      disk.bury();
      AtomicFiles.write(into.resolve("f.txt"), bytes("newer"));
      assertThat(into.resolve("f.txt")).hasContent("newer");
      assertThat(names(into)).containsExactly("f.txt");
    }
    // Made, written, forced and moved; then its folder is forced.
    assertThat(seen).containsExactly("old", "old", "old", "old", "new");
  }

  @Test
  void whatAModalityKeepsCanBeReadAfterAKillAndWrittenAgain() throws IOException {
    boolean ended = false;
    for (int at = 0; !ended; at++) {
      Path into = folder.resolve("store" + at);
      ArtefactStore store = ArtefactStore.folder(into);
      store.write("words.txt", bytes("old"));
      store.write("other.txt", bytes("other"));
      MortalDisk disk = new MortalDisk(into, at);
      try {
        ArtefactStore.folder(disk.path(into)).write("words.txt", bytes("new"));
        ended = true;
      } catch (MortalDisk.Killed e) {
        assertThat(store.read("words.txt").map(it -> new String(it, StandardCharsets.UTF_8)))
            .as(e.getMessage())
            .get()
            .isIn("old", "new");
      }
      disk.bury();
      store.write("words.txt", bytes("new"));
      assertThat(store.read("words.txt")).contains(bytes("new"));
      assertThat(store.read("other.txt")).contains(bytes("other"));
      assertThat(Files.readAllLines(into.resolve("SHA256SUMS"))).hasSize(2);
    }
  }

  @Test
  void theLinesOfARunAndItsFoldersAreOnTheDiskBeforeTheCheckpoint() {
    MortalDisk disk = new MortalDisk(folder, Integer.MAX_VALUE);
    try (RunFolder run = RunFolder.create(disk.path(folder.resolve("runs/one")))) {
      run.metrics().append(Map.of("step", 1));
      run.skipped().append(Map.of("step", 1, "sample", "a"));
      run.checkpoints().save(1, Map.of(), Map.of());
    }
    List<String> operations = disk.operations();
    int placed = operations.indexOf("move step-000000001.safetensors");
    assertThat(placed).isPositive();
    List<String> before = operations.subList(0, placed);
    assertThat(before.lastIndexOf("write metrics.jsonl"))
        .isLessThan(before.lastIndexOf("force metrics.jsonl"));
    assertThat(before.lastIndexOf("write skipped.jsonl"))
        .isLessThan(before.lastIndexOf("force skipped.jsonl"));
    // The name of a new file or folder is on the disk when the folder above it has been forced.
    String above = folder.getFileName().toString();
    for (String[] it :
        new String[][] {
          {"mkdir runs", above},
          {"mkdir one", "runs"},
          {"create metrics.jsonl", "one"},
          {"mkdir checkpoints", "one"}
        }) {
      List<String> after = before.subList(before.indexOf(it[0]), before.size());
      assertThat(before).contains(it[0]);
      assertThat(after).as(it[0]).contains("force " + it[1]);
    }
    assertThat(operations.subList(placed, operations.size())).contains("force checkpoints");
  }
}
