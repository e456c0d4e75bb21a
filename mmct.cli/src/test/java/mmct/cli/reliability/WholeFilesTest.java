package mmct.cli.reliability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mmct.api.io.ArtefactStore;
import mmct.api.io.AtomicFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file is the old or the new one, wherever the process that writes it is killed.
class WholeFilesTest {
  @TempDir private Path folder;

  @Test
  void aFileIsTheOldOrTheNewOneAndNothingIsLeftInTheEnd() throws IOException {
    List<String> seen = new ArrayList<>();
    boolean killed = true;
    for (int change = 1; killed; change++) {
      Path file = Files.createDirectories(folder.resolve("" + change)).resolve("f.txt");
      Files.writeString(file, "old");
      Disks.Killing disk = new Disks.Killing(change);
      killed =
          disk.kills(
              () -> AtomicFiles.write(FaultyFileSystem.path(file, disk), "new".getBytes(UTF_8)));
      if (killed) {
        seen.add(Files.readString(file));
      }
      AtomicFiles.write(file, "newer".getBytes(UTF_8));
      assertThat(Contents.files(file.getParent())).containsExactly(file);
      assertThat(file).hasContent("newer");
    }
    // Made, written, forced and moved; then its folder is forced.
    assertThat(seen).containsExactly("old", "old", "old", "old", "new");
  }

  @Test
  void whatAModalityKeepsCanBeReadAfterAKillAndWrittenAgain() throws IOException {
    boolean killed = true;
    int change = 0;
    while (killed) {
      change++;
      Path into = folder.resolve("store" + change);
      ArtefactStore store = ArtefactStore.folder(into);
      store.write("words.txt", "old".getBytes(UTF_8));
      store.write("other.txt", "other".getBytes(UTF_8));
      Disks.Killing disk = new Disks.Killing(change);
      ArtefactStore faulty = ArtefactStore.folder(FaultyFileSystem.path(into, disk));
      killed = disk.kills(() -> faulty.write("words.txt", "new".getBytes(UTF_8)));
      assertThat(store.read("words.txt").map(it -> new String(it, UTF_8))).get().isIn("old", "new");
      store.write("words.txt", "new".getBytes(UTF_8));
      assertThat(store.read("words.txt")).contains("new".getBytes(UTF_8));
      assertThat(store.read("other.txt")).contains("other".getBytes(UTF_8));
      assertThat(Files.readAllLines(into.resolve("SHA256SUMS"))).hasSize(2);
    }
    assertThat(change).isGreaterThan(5);
  }
}
