package mmct.api.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import mmct.api.check.DataReport.Content;
import mmct.api.check.DataReport.Distribution;
import mmct.api.check.DataReport.Problem;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataCheckTest {
  @TempDir Path folder;

  /// One item per string, one per file; an empty file is broken.
  private static final class AnyModality implements Modality {
    @Override
    public Views draw(Cell cell, ViewRequest request) {
      throw new UnsupportedOperationException("only plain views are drawn");
    }

    @Override
    public List<View> plain(Cell cell) {
      View view = View.of(new float[1], 1);
      return switch (cell) {
        case Cell.Strings strings -> strings.values().stream().map(text -> view).toList();
        case Cell.File file -> {
          if (file.path().toFile().length() == 0) {
            throw new BrokenCellException(file.path() + " is empty");
          }
          yield List.of(view);
        }
        case Cell.Numbers numbers -> List.of(view);
        default -> throw new IllegalStateException("unexpected");
      };
    }

    @Override
    public Optional<Backbone> newBackbone(boolean dropout) {
      return Optional.empty();
    }
  }

  private record Source(Map<String, List<Sample>> samples) implements DataSource {
    @Override
    public List<String> splits() {
      return List.copyOf(samples.keySet());
    }

    @Override
    public Dataset split(String name) {
      return new InMemoryDataset(samples.get(name));
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

  private static DataCheck.Part part(Columns.Kind kind) {
    return new DataCheck.Part(Optional.of(new AnyModality()), kind);
  }

  private static final Map<String, DataCheck.Part> PARTS =
      Map.of(
          "file", part(Columns.Kind.FILE),
          "text", part(Columns.Kind.STRINGS),
          "words", part(Columns.Kind.LIST),
          "series", part(Columns.Kind.NUMBERS));

  private static DataReport check(Map<String, List<Sample>> splits, int workers) {
    return new DataCheck(new Source(splits), PARTS, workers, done -> {}).run();
  }

  private Cell file(String name, String content) {
    try {
      return new Cell.File(Files.writeString(folder.resolve(name), content));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, List<Sample>> splits(List<Sample> train, List<Sample> val) {
    Map<String, List<Sample>> splits = new LinkedHashMap<>();
    splits.put("train", train);
    splits.put("empty", List.of());
    splits.put("val", val);
    return splits;
  }

  @Test
  void countsWhatIsThere() {
    DataReport report =
        check(
            splits(
                List.of(
                    new Sample(
                        "1",
                        Map.of(
                            "text", Cell.Strings.of("four", "😀😀"),
                            "words", Cell.Strings.of("b", "a"))),
                    new Sample("2", Map.of("text", Cell.Strings.of("x", "yy", "zzz"))),
                    new Sample("3", Map.of("text", Cell.Strings.of("sevenletters"))),
                    new Sample("4", Map.of("words", Cell.Strings.of("b", "c"))),
                    new Sample("5", Map.of())),
                List.of(new Sample("6", Map.of("series", new Cell.Numbers(new float[7], 7))))),
            2);
    DataReport.Split train = report.splits().get("train");
    assertThat(train.samples()).isEqualTo(5);
    assertThat(train.combinations())
        .containsExactly(
            Map.entry(List.of("text"), 2L),
            Map.entry(List.of(), 1L),
            Map.entry(List.of("text", "words"), 1L),
            Map.entry(List.of("words"), 1L));
    Content text = train.modalities().get("text");
    assertThat(text.samples()).isEqualTo(3);
    assertThat(text.items()).isEqualTo(6);
    assertThat(text.strings()).isEqualTo(new Distribution(3, 1, 2, 3));
    assertThat(text.lengths()).isEqualTo(new Distribution(6, 1, 2, 12));
    assertThat(text.commonest()).isEmpty();
    Content words = train.modalities().get("words");
    assertThat(words.different()).isEqualTo(3);
    assertThat(words.commonest())
        .containsExactly(Map.entry("b", 2L), Map.entry("a", 1L), Map.entry("c", 1L));
    assertThat(report.splits().get("empty").samples()).isZero();
    assertThat(report.splits().get("val").modalities().get("series").lengths())
        .isEqualTo(new Distribution(1, 7, 7, 7));
    assertThat(report.isClean()).isTrue();
    assertThat(report.lines())
        .contains(
            "a source",
            "train: 5 samples",
            "  text + words: 1",
            "  nothing: 1",
            "  6 items of text; strings per sample 1 to 3 (median 2); length 1 to 12 (median 2)",
            "val: 1 sample",
            "ids: 6, none twice",
            "passed over: nothing");
    assertThat(String.join("\n", report.lines()))
        .contains("3 different, most frequent: b 2, a 1, c 1");
  }

  @Test
  void tellsMissingFilesFromBrokenOnes() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Cell cell =
          switch (i % 3) {
            case 0 -> file("good" + i, "x");
            case 1 -> file("empty" + i, "");
            default -> new Cell.File(folder.resolve("missing" + i));
          };
      samples.add(new Sample("s" + i, Map.of("file", cell, "text", Cell.Strings.of("t"))));
    }
    DataReport report = check(Map.of("train", samples), 4);
    DataReport.Split train = report.splits().get("train");
    assertThat(train.missing().total()).isEqualTo(10);
    assertThat(train.broken().total()).isEqualTo(10);
    assertThat(train.broken().first())
        .hasSize(10)
        .startsWith(new Problem("s1", "file", folder.resolve("empty1") + " is empty"));
    assertThat(train.modalities().get("file").samples()).isEqualTo(30);
    assertThat(train.modalities().get("file").items()).isEqualTo(10);
    assertThat(train.modalities().get("text").items()).as("goes on without the file").isEqualTo(30);
    assertThat(report.isClean()).isFalse();
    assertThat(report.lines())
        .contains("  missing: 10")
        .contains("    's2' (file): there is no file " + folder.resolve("missing2"));
  }

  @Test
  void repeatedIdsAreToldWithTheirSplits() {
    List<Sample> train =
        List.of(new Sample("a", Map.of()), new Sample("b", Map.of()), new Sample("a", Map.of()));
    List<Sample> val = List.of(new Sample("b", Map.of()), new Sample("c", Map.of()));
    DataReport report = check(splits(train, val), 2);
    assertThat(report.ids())
        .isEqualTo(new DataReport.Ids(5, 2, 1, List.of("'a' (train, train)", "'b' (train, val)")));
    assertThat(report.isClean()).as("an id in two splits is a leak").isFalse();
    assertThat(report.lines())
        .contains(
            "ids: 5, 2 of them repeated, 1 in another split: 'a' (train, train), 'b' (train, val)");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7})
  void theReportDoesNotDependOnTheThreads(int workers) {
    List<Sample> samples =
        IntStream.range(0, 1000)
            .mapToObj(
                i ->
                    new Sample(
                        "s" + i,
                        i % 5 == 0
                            ? Map.of("file", new Cell.File(folder.resolve("none" + i)))
                            : Map.of(
                                "words", Cell.Strings.of("w" + i % 50, "x".repeat(i % 9 + 1)))))
            .toList();
    DataReport one = check(Map.of("train", samples), 1);
    assertThat(check(Map.of("train", samples), workers)).isEqualTo(one);
    DataReport.Split train = one.splits().get("train");
    assertThat(train.missing().total()).isEqualTo(200);
    assertThat(train.missing().first())
        .extracting(Problem::sample)
        .containsExactly("s0", "s5", "s10", "s15", "s20", "s25", "s30", "s35", "s40", "s45");
    assertThat(train.modalities().get("words").commonest()).hasSize(20);
  }

  @Test
  void progressIsToldUpToTheLastSample() {
    List<Sample> samples =
        IntStream.range(0, 100).mapToObj(i -> new Sample("s" + i, Map.of())).toList();
    List<Long> told = new ArrayList<>();
    new DataCheck(new Source(splits(samples, samples)), PARTS, 2, told::add).run();
    assertThat(told).isSorted().endsWith(200L);
  }

  @Test
  void aFailureNamesTheSample() {
    Sample odd = new Sample("odd", Map.of("file", new Cell.Bytes(new byte[1], "b")));
    assertThatThrownBy(() -> check(Map.of("train", List.of(odd)), 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'odd'");
  }

  @Test
  void cellsOfAModalityThatIsNotMadeAreOnlyCounted() {
    Sample sample =
        new Sample(
            "s",
            Map.of(
                "file", new Cell.File(folder.resolve("none")), "text", Cell.Strings.of("a", "bb")));
    Map<String, DataCheck.Part> parts =
        Map.of(
            "file", new DataCheck.Part(Optional.empty(), Columns.Kind.FILE),
            "text", new DataCheck.Part(Optional.empty(), Columns.Kind.STRINGS));
    DataReport.Split train =
        new DataCheck(new Source(Map.of("train", List.of(sample))), parts, 1, done -> {})
            .run()
            .splits()
            .get("train");
    assertThat(train.missing().total()).isEqualTo(1);
    assertThat(train.modalities().get("text").items()).isEqualTo(2);
    assertThat(train.modalities().get("text").lengths()).isEqualTo(new Distribution(2, 1, 1, 2));
  }

  @Test
  void rowsAreCountedForEveryObjectiveAndUnreadColumnsAreNamed() throws IOException {
    Path manifest =
        Files.writeString(
            folder.resolve("manifest.csv"),
            """
            id,split,photo,text,width,words,remark
            s1,train,whole.jpg,hello,3,a;b,x
            s2,train,empty.jpg,hello,3,a,x
            s3,train,gone.jpg,hello,3,,x
            s4,train,,,3,b,x
            s5,val,whole.jpg,,3,c,x
            """);
    file("whole.jpg", "x");
    file("empty.jpg", "");
    DataSource source =
        new mmct.api.csv.CsvProvider()
            .open(
                mmct.api.csv.CsvOptions.standard(),
                new mmct.api.spi.DatasetProvider.Request(
                    Optional.of(manifest),
                    Map.of(
                        "file", new Columns(List.of("photo"), Columns.Kind.FILE),
                        "text", new Columns(List.of("text"), Columns.Kind.STRINGS),
                        "words", new Columns(List.of("words"), Columns.Kind.LIST))));
    Map<String, java.util.Set<String>> objectives = new LinkedHashMap<>();
    objectives.put("ft", java.util.Set.of("file", "text"));
    objectives.put("tw", java.util.Set.of("text", "words"));
    objectives.put("f", java.util.Set.of("file"));
    DataReport report = new DataCheck(source, PARTS, objectives, 2, done -> {}).run();
    // Of three that name a photo and a text, one photo is empty and one is not there.
    assertThat(report.splits().get("train").rows())
        .containsExactly(Map.entry("ft", 1L), Map.entry("tw", 2L), Map.entry("f", 1L));
    assertThat(report.splits().get("val").rows())
        .containsExactly(Map.entry("ft", 0L), Map.entry("tw", 0L), Map.entry("f", 1L));
    assertThat(report.unread()).containsExactly("width", "remark");
    assertThat(report.lines())
        .contains("  objective ft: 1 row", "  objective tw: 2 rows", "  objective ft: 0 rows")
        .endsWith("read by nothing: width, remark", "passed over: nothing");
  }
}
