package mmct.api.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void twoWritersOfOneFileEachPutAWholeOneInPlace() throws Exception {
    Path target = folder.resolve("result.json");
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> writers = new ArrayList<>();
      for (byte writer = 1; writer <= 4; writer++) {
        byte[] content = new byte[100_000 * writer];
        Arrays.fill(content, writer);
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    AtomicFiles.write(target, content);
                    byte[] read = Files.readAllBytes(target);
                    assertThat(read).hasSize(100_000 * read[0]).containsOnly(read[0]);
                  }
                  return null;
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    assertThat(names()).containsExactly("result.json");
  }

  @Test
  void aLinkInTheWayOfATemporaryFileIsNeitherFollowedNorInTheWay() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "words");
    Files.createSymbolicLink(folder.resolve("f.part"), precious);
    AtomicFiles.write(folder.resolve("f"), new byte[] {1});
    assertThat(precious).hasContent("words");
    assertThat(folder.resolve("f")).hasBinaryContent(new byte[] {1});
  }

  @Test
  void whatAKilledProcessHasLeftGoesAndWhatIsInUseStays() throws IOException {
    Path left = Files.write(folder.resolve("f.0123456789abcdef.part"), new byte[3]);
    Path older = Files.write(folder.resolve("f.part"), new byte[3]);
    Path others = Files.write(folder.resolve("ff.0123456789abcdef.part"), new byte[3]);
    AtomicFiles.write(folder.resolve("f"), new byte[] {1});
    assertThat(left).doesNotExist();
    assertThat(older).doesNotExist();
    assertThat(others).exists();

    AtomicFiles.write(
        folder.resolve("f"),
        channel -> {
          AtomicFiles.write(folder.resolve("f"), new byte[] {2});
          channel.write(java.nio.ByteBuffer.wrap(new byte[] {3}));
        });
    assertThat(folder.resolve("f")).hasBinaryContent(new byte[] {3});
  }

  @Test
  void aFileThatGrowsIsNotGrownThroughALink() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "words");
    Path lines = Files.createSymbolicLink(folder.resolve("lines.jsonl"), precious);
    assertThatThrownBy(() -> AtomicFiles.append(lines))
        .isInstanceOfSatisfying(
            IOException.class,
            e ->
                assertThat(AtomicFiles.reason(e))
                    .isEqualTo("it is a symbolic link, which is not followed"));
    assertThat(precious).hasContent("words");
  }

  @Test
  void checksumsAreReadByEveryToolAndReadBack() throws Exception {
    Checksums checksums = Checksums.in(folder);
    for (String name : List.of("a", "with space", "back\\slash", "two\nlines", "ü")) {
      checksums.writeFile(name, name.getBytes(StandardCharsets.UTF_8));
    }
    // The SHA-256 of the text "a".
    assertThat(Files.readAllLines(folder.resolve("SHA256SUMS")))
        .contains("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a");
    assertThat(checksums.read()).containsKeys("back\\slash", "two\nlines", "ü");
    try {
      Process tool =
          new ProcessBuilder("sha256sum", "-c", "--quiet", "--strict", "SHA256SUMS")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      assertThat(new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEmpty();
      assertThat(tool.waitFor()).isZero();
    } catch (IOException e) {
      // There is no such tool here.
    }
  }

  @Test
  void everyFlippedBitOfAKeptFileOrOfItsChecksumIsRefused() throws IOException {
    ArtefactStore store = ArtefactStore.folder(folder);
    byte[] words = "a\ndog\n##s\n".getBytes(StandardCharsets.UTF_8);
    store.write("words.txt", words);
    assertThat(store.names()).containsExactly("words.txt");
    for (String name : List.of("words.txt", "SHA256SUMS")) {
      byte[] whole = Files.readAllBytes(folder.resolve(name));
      for (int bit = 0; bit < whole.length * 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        Files.write(folder.resolve(name), flipped);
        try {
          // The separator of a binary file and the end of the last line mean the same.
          assertThat(store.read("words.txt")).as("%s, bit %d", name, bit).contains(words);
          assertThat(name).isEqualTo("SHA256SUMS");
          assertThat(flipped[bit / 8]).isIn((byte) '*', (byte) '\b', (byte) '\r');
        } catch (MmctException e) {
          assertThat(e).hasMessageContaining("damaged");
        }
      }
      Files.write(folder.resolve(name), whole);
    }
    assertThat(store.read("words.txt")).contains(words);
  }

  @Test
  void aFolderOfAnEarlierVersionIsReadAndGetsChecksumsWithTheNextFile() throws IOException {
    Files.writeString(folder.resolve("words.txt"), "a");
    ArtefactStore store = ArtefactStore.folder(folder);
    assertThat(store.read("words.txt")).isPresent();
    store.write("more.txt", new byte[] {1});
    assertThat(store.read("words.txt")).isPresent();
    Files.writeString(folder.resolve("words.txt"), "b");
    assertThatThrownBy(() -> store.read("words.txt"))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            folder.resolve("words.txt")
                + " is damaged or was changed: its SHA-256 is not in SHA256SUMS");
  }
}
