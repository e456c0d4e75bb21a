package mmct.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;
import mmct.cli.check.DataCheck.ModalityReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCheckTest {
  @TempDir private Path folder;

  /// Files whose content says whether they are broken.
  private static final Modality FILES =
      new Modality() {
        @Override
        public Views draw(Cell cell, ViewRequest request) {
          return new Views(List.of(), List.of());
        }

        @Override
        public List<View> plain(Cell cell) {
          Path path = ((Cell.File) cell).path();
          try {
            if (Files.readString(path).startsWith("broken")) {
              throw new BrokenCellException(path + " is broken");
            }
            return List.of();
          } catch (IOException e) {
            throw new BrokenCellException(path + " cannot be read", e);
          }
        }

        @Override
        public Optional<Backbone> newBackbone(boolean dropout) {
          return Optional.empty();
        }
      };

  private record Source(Map<String, Dataset> datasets) implements DataSource {
    @Override
    public List<String> splits() {
      return List.copyOf(datasets.keySet());
    }

    @Override
    public Dataset split(String name) {
      return datasets.get(name);
    }

    @Override
    public String fingerprint() {
      return "";
    }

    @Override
    public String describe() {
      return "a source";
    }
  }

  private static DataCheck check(Sample... samples) {
    Map<String, ModalityReader> readers = new LinkedHashMap<>();
    readers.put("picture", new ModalityReader(() -> FILES));
    readers.put(
        "words",
        new ModalityReader(
            () -> {
              throw new AssertionError("strings need no modality");
            }));
    return new DataCheck(
        new Source(Map.of("train", new InMemoryDataset(List.of(samples)))), readers);
  }

  private Cell file(String name, String content) throws IOException {
    return new Cell.File(Files.writeString(folder.resolve(name), content));
  }

  @Test
  void presentMissingAndBrokenCellsAreCountedAndNamed() throws IOException {
    Cell words = Cell.Strings.of("a red dog", "two dogs");
    DataCheck check =
        check(
            new Sample("1", Map.of("picture", file("a", "fine"), "words", words)),
            new Sample("2", Map.of("picture", file("b", "broken"))),
            new Sample("3", Map.of("picture", new Cell.File(folder.resolve("none")))));

    SplitReport report = check.check("train", done -> {});

    assertThat(report.brokenCount()).isEqualTo(2);
    assertThat(report.lines())
        .containsExactly(
            "split train: 3 samples",
            "  picture: 3 present, 0 missing, 2 broken",
            "  words: 1 present, 2 missing",
            "    strings per sample: 2 to 2, median 2, mean 2.0",
            "    words per string: 2 to 3, median 2, mean 2.5",
            "    2 different strings",
            "  broken: picture of sample 2: " + folder.resolve("b") + " is broken",
            "  broken: picture of sample 3: " + folder.resolve("none") + " does not exist");
  }

  @Test
  void stringsThatRepeatAreAVocabularyWithFrequencies() {
    DataCheck check =
        check(
            new Sample("1", Map.of("words", Cell.Strings.of("dog", "cat", "dog"))),
            new Sample("2", Map.of("words", Cell.Strings.of("dog", "cat", "bird"))));

    assertThat(check.check("train", done -> {}).lines())
        .contains("    3 different strings, most often: dog 3, cat 2, bird 1");
  }

  @Test
  void idsThatComeTwiceAreNamed() {
    DataCheck check = check(new Sample("x", Map.of()), new Sample("x", Map.of()));

    assertThat(check.check("train", done -> {}).lines())
        .contains("  ids that come more than once: 1 (x)");
  }

  @Test
  void idsInTwoSplitsAreCounted() {
    Source source =
        new Source(
            Map.of(
                "train", new InMemoryDataset(List.of(sample("1"), sample("2"), sample("3"))),
                "test", new InMemoryDataset(List.of(sample("2"), sample("3"), sample("4")))));
    DataCheck check = new DataCheck(source, Map.of());

    assertThat(
            DataCheck.overlaps(
                List.of(check.check("train", done -> {}), check.check("test", done -> {}))))
        .containsExactly(Map.entry("test and train", 2L));
  }

  private static Sample sample(String id) {
    return new Sample(id, Map.of());
  }

  @Test
  void everySampleIsReadOnceAndTold() {
    Sample[] samples = new Sample[500];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = sample("id" + i);
    }
    AtomicInteger most = new AtomicInteger();

    SplitReport report =
        check(samples).check("train", done -> most.accumulateAndGet(done, Math::max));

    assertThat(most).hasValue(500);
    assertThat(report.ids()).hasSize(500);
  }

  @Test
  void theMedianIsTheLowerOne() {
    Histogram histogram = new Histogram();
    for (int value : new int[] {1, 1, 2, 7, 9, 9}) {
      histogram.add(value);
    }

    assertThat(histogram.describe()).isEqualTo("1 to 9, median 2, mean 4.8");
  }
}
