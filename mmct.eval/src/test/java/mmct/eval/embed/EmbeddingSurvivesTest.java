package mmct.eval.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import mmct.api.data.Dataset;
import mmct.api.io.Checksums;
import mmct.api.spi.Catalogue;
import mmct.api.training.data.BrokenCell;
import mmct.eval.disk.MortalDisk;
import mmct.eval.embed.EmbeddingTarget.Format;
import mmct.eval.encode.OnnxEncoder;
import mmct.eval.encode.TinyEncoders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An embedding that is killed at each of its operations, and one that is killed again while it
/// goes on: it always ends with the same files and leaves nothing else.
class EmbeddingSurvivesTest {
  private static final Dataset SAMPLES = NotANumber.samples(11);

  @TempDir private static Path models;
  private static OnnxEncoder encoder;

  @TempDir private Path folder;

  @BeforeAll
  static void export() {
    Path file =
        TinyEncoders.export(
                "text",
                "{maxLength: 12, encoder: {type: transformer, width: 16, heads: 2}}",
                Map.of("vocabulary.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ndog\n"),
                models)
            .file();
    encoder = OnnxEncoder.open(file, TinyEncoders.quickly(), Catalogue.load());
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  private static Embedding.Outcome embed(MortalDisk disk, Path into) {
    EmbeddingTarget target =
        new EmbeddingTarget(disk.path(into.resolve("f.npy")), Set.of(Format.NPY, Format.CSV));
    return new Embedding(encoder, SAMPLES, "data", target, Duration.ZERO)
        .run(
            new Embedding.Listener() {
              @Override
              public void encoded(int samples, int of, int resumedAt) {}

              @Override
              public void broken(BrokenCell cell) {}
            });
  }

  private static Map<String, String> digests(Path of) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(of)) {
      files.forEach(it -> digests.put(it.getFileName().toString(), Checksums.of(it)));
    }
    return digests;
  }

  /// Runs until it is killed.
  ///
  /// @return what it was about to do; empty where it ended
  private static String killed(Path into, int at) throws IOException {
    MortalDisk disk = new MortalDisk(into, at);
    try {
      embed(disk, into);
      return "";
    } catch (MortalDisk.Killed e) {
      return disk.operations().get(at);
    } finally {
      disk.bury();
    }
  }

  @Test
  void whereverItIsKilledItEndsWithTheSameFiles() throws IOException {
    Path reference = Files.createDirectories(folder.resolve("whole"));
    MortalDisk whole = new MortalDisk(reference, Integer.MAX_VALUE);
    embed(whole, reference);
    whole.bury();
    Map<String, String> expected = digests(reference);
    assertThat(expected).containsOnlyKeys("f.csv", "f.npy", "f.npy.ids.csv", "f.npy.sha256");
    int operations = whole.operations().size();
    assertThat(whole.operations()).contains("move f.npy", "move f.npy.ids.csv", "move f.csv");

    for (int at = 0; at < operations; at++) {
      Path into = Files.createDirectories(folder.resolve("killed" + at));
      String what = killed(into, at);
      assertThat(what).as("operation %d", at).isNotEmpty();
      for (Map.Entry<String, String> it : expected.entrySet()) {
        Path file = into.resolve(it.getKey());
        assertThat(Files.exists(file) ? Checksums.of(file) : it.getValue())
            .as("%s after a kill at %s", it.getKey(), what)
            .isEqualTo(it.getValue());
      }
      // And again, while it goes on.
      if (!killed(into, at % 7).isEmpty()) {
        MortalDisk last = new MortalDisk(into, Integer.MAX_VALUE);
        embed(last, into);
        last.bury();
      }
      assertThat(digests(into)).as("killed at %s (%d)", what, at).isEqualTo(expected);
    }
  }
}
