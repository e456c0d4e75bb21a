package mmct.vision.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pictures in a folder: made once, made again when they must be, and never more than may be.
class DiskCacheTest {
  private static final int BYTES = 3 * 50 * 40;

  private final AtomicInteger decoded = new AtomicInteger();

  /// The picture of a file has its first byte everywhere.
  private final Function<Path, Pixels> decoder =
      file -> {
        decoded.incrementAndGet();
        byte[] rgb = new byte[BYTES];
        Arrays.fill(rgb, firstByte(file));
        return new Pixels(rgb, 50, 40);
      };

  @TempDir Path root;
  private Path folder;

  @BeforeEach
  void name() {
    folder = root.resolve("cache/deep");
  }

  @Test
  void laterRunsFindWhatEarlierOnesMade() throws IOException {
    Path file = Files.writeString(root.resolve("a"), "a");
    cache("x").get(file, decoder);

    Pixels kept = cache("x").get(file, decoder);
    assertThat(decoded).hasValue(1);
    assertThat(kept.rgb()).containsOnly('a');
    assertThat(kept.width()).isEqualTo(50);
    assertThat(kept.height()).isEqualTo(40);
  }

  @Test
  void changedPicturesAreMadeAgainInTheirPlace() throws IOException {
    Path file = Files.writeString(root.resolve("a"), "a");
    cache("x").get(file, decoder);
    Files.writeString(file, "b");
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(7)));

    assertThat(cache("x").get(file, decoder).rgb()).containsOnly('b');
    assertThat(cache("x").get(file, decoder).rgb()).containsOnly('b');
    assertThat(decoded).hasValue(2);
    assertThat(entries()).hasSize(1);
  }

  @Test
  void picturesThatAreMadeOtherwiseAreOthers() throws IOException {
    Path file = Files.writeString(root.resolve("a"), "a");
    cache("one decoder").get(file, decoder);
    cache("another").get(file, decoder);

    assertThat(decoded).hasValue(2);
    assertThat(entries()).hasSize(2);
  }

  @Test
  void damagedEntriesAreMadeAgain() throws IOException {
    Path file = Files.writeString(root.resolve("a"), "a");
    cache("x").get(file, decoder);
    Path entry = entries().getFirst();
    byte[] sound = Files.readAllBytes(entry);
    int expected = 1;
    for (int at = 0; at < sound.length; at += at < 60 ? 1 : 997) {
      byte[] damaged = sound.clone();
      damaged[at] ^= 0x40;
      Files.write(entry, damaged);
      assertThat(cache("x").get(file, decoder).rgb()).as("byte %d", at).containsOnly('a');
      assertThat(decoded).as("byte %d", at).hasValue(++expected);
      assertThat(entry).hasBinaryContent(sound);
    }
    for (int length : new int[] {0, 1, 39, 40, 41, sound.length - 1}) {
      Files.write(entry, Arrays.copyOf(sound, length));
      assertThat(cache("x").get(file, decoder).rgb()).containsOnly('a');
      assertThat(decoded).as("%d bytes", length).hasValue(++expected);
    }
  }

  @Test
  void limitHoldsForAllRunsTogether() throws IOException {
    int fit = 10;
    long capacity = fit * (BYTES + 100L);
    for (int run = 0; run < 3; run++) {
      DiskCache cache = new DiskCache(folder, capacity, "x");
      for (int i = 0; i < 12; i++) {
        cache.get(Files.writeString(root.resolve("p" + run + "-" + i), "a"), decoder);
      }
    }

    assertThat(entries()).hasSize(fit);
  }

  @Test
  void restsOfRunsThatEndedSuddenlyAreCleared() throws IOException {
    Files.createDirectories(folder);
    Path rest = Files.write(folder.resolve("1.unfinished"), new byte[100]);
    Path atWork = Files.write(folder.resolve("2.unfinished"), new byte[100]);
    Files.setLastModifiedTime(rest, FileTime.from(Instant.now().minusSeconds(7200)));

    cache("x").get(Files.writeString(root.resolve("a"), "a"), decoder);
    assertThat(rest).doesNotExist();
    assertThat(atWork).exists();
  }

  @Test
  void folderThatCannotBeWrittenToCostsTimeAlone() throws IOException {
    Files.createDirectories(folder.getParent());
    Files.writeString(folder, "a file where the folder should be");
    Path file = Files.writeString(root.resolve("a"), "a");
    DiskCache cache = cache("x");

    assertThat(cache.get(file, decoder).rgb()).containsOnly('a');
    assertThat(cache.get(file, decoder).rgb()).containsOnly('a');
    assertThat(decoded).hasValue(2);
  }

  @Test
  void runsAtTheSameTimeDisturbNobody() throws Exception {
    for (int i = 0; i < 20; i++) {
      Files.writeString(root.resolve("p" + i), Character.toString('a' + i));
    }
    List<DiskCache> runs = List.of(cache("x"), cache("x"), cache("x"));
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Future<?>> all =
          IntStream.range(0, 1200)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () ->
                              assertThat(
                                      runs.get(i % 3)
                                          .get(root.resolve("p" + i % 20), decoder)
                                          .rgb())
                                  .containsOnly('a' + i % 20)))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    }

    assertThat(entries()).hasSize(20);
  }

  private DiskCache cache(String made) {
    return new DiskCache(folder, 1 << 20, made);
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static byte firstByte(Path file) {
    try {
      return Files.readAllBytes(file)[0];
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
