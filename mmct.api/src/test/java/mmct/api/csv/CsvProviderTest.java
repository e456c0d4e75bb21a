package mmct.api.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.DatasetProvider.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvProviderTest {
  private static final Columns FILE = new Columns(List.of("photo", "path"), Columns.Kind.FILE);
  private static final Columns TEXT = new Columns(List.of("text", "text_*"), Columns.Kind.STRINGS);
  private static final Columns WORDS = new Columns(List.of("words"), Columns.Kind.LIST);
  private static final Columns SERIES = new Columns(List.of("series"), Columns.Kind.NUMBERS);
  private static final Map<String, Columns> ALL =
      Map.of("photo", FILE, "text", TEXT, "words", WORDS, "series", SERIES);

  @TempDir Path folder;

  private Path write(String content) throws IOException {
    return Files.writeString(folder.resolve("manifest.csv"), content);
  }

  private DataSource open(Map<String, Columns> modalities, String content) throws IOException {
    return open(CsvOptions.standard(), modalities, content);
  }

  private DataSource open(CsvOptions options, Map<String, Columns> modalities, String content)
      throws IOException {
    return new CsvProvider().open(options, new Request(Optional.of(write(content)), modalities));
  }

  private static CsvOptions options(Map<String, ?> settings) {
    return Settings.of(settings).bind(CsvOptions.class);
  }

  @Test
  void everyKindOfColumnBecomesItsCell() throws IOException {
    DataSource source =
        open(
            ALL,
            """
            id,photo,split,text,text_10,text_2,words,series,label
            7,a/b.jpg,train,one,ten,two,red; green;;blue,1;-2.5 3e2,cat
            """);
    Sample sample = source.split("train").get(0);
    assertThat(sample.id()).isEqualTo("7");
    assertThat(sample.label()).contains("cat");
    assertThat(sample.cell("photo")).contains(new Cell.File(folder.resolve("a/b.jpg")));
    assertThat(sample.cell("text")).contains(Cell.Strings.of("one", "two", "ten"));
    assertThat(sample.cell("words")).contains(Cell.Strings.of("red", "green", "blue"));
    Cell.Numbers numbers = (Cell.Numbers) sample.cell("series").orElseThrow();
    assertThat(numbers.values()).containsExactly(1f, -2.5f, 300f);
    assertThat(numbers.shape()).containsExactly(3);
  }

  @Test
  void quotesFollowRfc4180() throws IOException {
    DataSource source =
        open(
            Map.of("text", TEXT),
            "id,text\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,plain \"inside\"\r\n3,\" spaces stay \"");
    Dataset train = source.split("train");
    assertThat(IntStream.range(0, 3).mapToObj(i -> train.get(i).cell("text").orElseThrow()))
        .containsExactly(
            Cell.Strings.of("a, \"b\"\r\nc"),
            Cell.Strings.of("plain \"inside\""),
            Cell.Strings.of(" spaces stay "));
  }

  @Test
  void anEmptyValueMeansAbsence() throws IOException {
    DataSource source =
        open(ALL, "id,photo,text_1,text_2,words,series,class\n1,,,second, ; ,  ,\n2,x,,,,,\n");
    Dataset train = source.split("train");
    assertThat(train.get(0).cells()).containsOnlyKeys("text");
    assertThat(train.get(0).cell("text")).contains(Cell.Strings.of("second"));
    assertThat(train.get(0).label()).isEmpty();
    assertThat(train.get(1).cells()).containsOnlyKeys("photo");
  }

  @Test
  void wordsForNothingAndWhatCannotBeSeenMeanAbsence() throws IOException {
    String content =
        """
        photo,text_1,text_2,words,label,series
        nan,nan,None,nan; NaN;<NA>,None,nan
        NULL,null,\u00a0\u200b,a;\u00a0;\ufeff,\u3000,1
        x,nano,none of it,nan;banana,nancy,2
        """;
    DataSource source = open(ALL, content);
    Dataset train = source.split("train");

    assertThat(train.get(0)).isEqualTo(new Sample("row 1", Map.of(), Optional.empty()));
    assertThat(train.get(1).cells()).containsOnlyKeys("words", "series");
    assertThat(train.get(1).cell("words")).contains(Cell.Strings.of("a"));
    assertThat(train.get(1).label()).isEmpty();
    assertThat(train.get(2).cell("text")).contains(Cell.Strings.of("nano", "none of it"));
    assertThat(train.get(2).cell("words")).contains(Cell.Strings.of("banana"));
    assertThat(train.get(2).label()).contains("nancy");
    assertThat(source.passedOver())
        .containsExactly(
            "values that are words for nothing: 2 of photo (nan, NULL), 2 of text_1 (nan, null), 1 of"
                + " text_2 (None), 4 of words (nan, NaN, <NA>), 1 of label (None), 1 of series (nan);"
                + " data.options.missing says which are");
    assertThat(source.describe()).contains("words for nothing: 2 of photo");
  }

  @Test
  void whichWordsMeanNothingIsASetting() throws IOException {
    String content = "id,text,words\n1,null,None;-\n2,-,n/a\n";

    DataSource all = open(options(Map.of("missing", List.of())), ALL, content);
    DataSource others = open(options(Map.of("missing", List.of("-", "n/a"))), ALL, content);

    assertThat(all.split("train").get(0).cell("text")).contains(Cell.Strings.of("null"));
    assertThat(all.split("train").get(0).cell("words")).contains(Cell.Strings.of("None", "-"));
    assertThat(all.passedOver()).isEmpty();
    assertThat(others.split("train").get(0).cell("words")).contains(Cell.Strings.of("None"));
    assertThat(others.split("train").get(1).cells()).isEmpty();
    Settings written = Settings.of(options(Map.of("missing", List.of())));
    assertThat(written.bind(CsvOptions.class).missing()).isEmpty();
  }

  @Test
  void namesThatLookAlikeAreOne() throws IOException {
    DataSource source =
        open(
            ALL,
            "\ufeffid,\u00a0te\u0301 ,text,words,label\r\ncafe\u0301,x,a,cafe\u0301;caf\u00e9,cafe\u0301\r\n");
    Sample sample = source.split("train").get(0);

    assertThat(sample.id()).isEqualTo("caf\u00e9");
    assertThat(sample.label()).contains("caf\u00e9");
    assertThat(sample.cell("words")).contains(Cell.Strings.of("caf\u00e9", "caf\u00e9"));
  }

  @Test
  void pathsOfOtherSystemsAreFoundWhereTheyAre() throws IOException {
    Path image = Files.createDirectories(folder.resolve("a b")).resolve("caf\u00e9.jpg");
    Files.writeString(image, "x");
    DataSource source =
        open(Map.of("photo", FILE), "photo\na b\\cafe\u0301.jpg\na b/caf\u00e9.jpg\nx\\y.jpg\n");
    Dataset train = source.split("train");

    assertThat(train.get(0).cell("photo")).contains(new Cell.File(image));
    assertThat(train.get(1).cell("photo")).contains(new Cell.File(image));
    assertThat(train.get(2).cell("photo")).contains(new Cell.File(folder.resolve("x\\y.jpg")));
    Files.writeString(folder.resolve("x\\y.jpg"), "a backslash may belong to a name");
    assertThat(train.get(2).cell("photo")).contains(new Cell.File(folder.resolve("x\\y.jpg")));
  }

  @Test
  void theFirstColumnThatIsThereIsReadForAllKindsButStrings() throws IOException {
    Map<String, Columns> modalities =
        Map.of("photo", new Columns(List.of("missing", "path", "photo"), Columns.Kind.FILE));
    Sample sample = open(modalities, "photo,path\nfirst,second\n").split("train").get(0);
    assertThat(sample.cell("photo")).contains(new Cell.File(folder.resolve("second")));
  }

  @Test
  void idsComeFromTheirColumnElseTheFileElseTheRow() throws IOException {
    assertThat(ids(open(ALL, "photo,text\np1,a\n,b\np3,c\n"))).containsExactly("p1", "row 2", "p3");
    assertThat(ids(open(Map.of("text", TEXT), "text\na\nb\n"))).containsExactly("row 1", "row 2");
    assertThat(ids(open(ALL, "id,photo\n1,p\n"))).containsExactly("1");
    assertThat(ids(open(options(Map.of("id", "key")), ALL, "id,photo,key\n1,p,k\n")))
        .containsExactly("k");
  }

  private static List<String> ids(DataSource source) {
    Dataset train = source.split("train");
    return IntStream.range(0, train.size())
        .mapToObj(
            i -> {
              assertThat(train.get(i).id()).isEqualTo(train.id(i));
              return train.id(i);
            })
        .toList();
  }

  @Test
  void splitsStandInTheOrderOfTheirFirstRows() throws IOException {
    DataSource source = open(ALL, "photo,split\na,val\nb,train\nc, val \nd,test\n");
    assertThat(source.splits()).containsExactly("val", "train", "test");
    assertThat(source.split("val").size()).isEqualTo(2);
    assertThat(source.split("val").id(1)).isEqualTo("c");
    assertThat(source.describe())
        .isEqualTo("csv manifest.csv: val 2, train 1, test 1; no column for series, text, words");
    assertThatThrownBy(() -> source.split("dev"))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("no split 'dev'; it has val, train, test");
  }

  @Test
  void labelStandsBeforeClassUnlessTheOptionSaysOtherwise() throws IOException {
    String content = "photo,class,label\na,cat,3\n";
    assertThat(open(ALL, content).split("train").get(0).label()).contains("3");
    assertThat(open(options(Map.of("label", "class")), ALL, content).split("train").get(0).label())
        .contains("cat");
    assertThat(open(ALL, "photo,class\na,cat\n").split("train").get(0).label()).contains("cat");
  }

  /// The ids' places were computed by Python: 0.79, 0.24, 0.18 and 0.38.
  @Test
  void theShareForValidationIsDecidedByTheIdsSha256() throws IOException {
    DataSource source =
        open(options(Map.of("validation", 0.25)), ALL, "id,photo\na,1\nb,2\nc,3\nü,4\nb,5\n");
    assertThat(ids(source)).containsExactly("a", "ü");
    assertThat(source.split("val").size()).as("b twice, and c").isEqualTo(3);
    assertThat(source.splits()).containsExactly("train", "val");
  }

  @Test
  void theShareForValidationIsMet() {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      counts.merge(CsvSource.byHash("sample " + i, 0.1), 1, Integer::sum);
    }
    assertThat(counts.get("val")).isBetween(1850, 2150);
  }

  @Test
  void separatorsAreSettings() throws IOException {
    CsvOptions options = options(Map.of("separator", "\t", "listSeparator", "|"));
    Sample sample =
        open(options, ALL, "id\twords\tseries\n1\ta|b;c\t1|2 3\n").split("train").get(0);
    assertThat(sample.cell("words")).contains(Cell.Strings.of("a", "b;c"));
    assertThat(((Cell.Numbers) sample.cell("series").orElseThrow()).values()).hasSize(3);
    for (String wrong : List.of("", "ab", "\"", "\n", "😀")) {
      assertThatThrownBy(() -> options(Map.of("separator", wrong)))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("separator must be one character");
    }
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheHeader() throws IOException {
    assertThat(ids(open(ALL, "\uFEFFid,photo\nx,a\n"))).containsExactly("x");
    assertThat(ids(open(ALL, " id , photo \nx,a\n")))
        .as("spaces in the header")
        .containsExactly("x");
  }

  @Test
  void unnamedColumnsAreLeftOut() throws IOException {
    assertThat(ids(open(ALL, ",id,,photo\n0,x,1,a\n"))).containsExactly("x");
  }

  @Test
  void foldersAreRecognisedByTheirManifest() throws IOException {
    CsvProvider provider = new CsvProvider();
    assertThat(provider.recognises(folder)).isFalse();
    assertThat(provider.recognises(folder.resolve("x.CSV"))).isTrue();
    assertThat(provider.recognises(folder.resolve("x.json"))).isFalse();
    assertThatThrownBy(
            () -> provider.open(CsvOptions.standard(), new Request(Optional.of(folder), ALL)))
        .hasMessageContaining("holds neither manifest.csv nor labels.csv");
    Files.writeString(folder.resolve("labels.csv"), "path\nfrom labels\n");
    assertThat(provider.recognises(folder)).isTrue();
    Request request = new Request(Optional.of(folder), ALL);
    assertThat(ids(provider.open(CsvOptions.standard(), request))).containsExactly("from labels");
    write("path\nfrom manifest\n");
    assertThat(ids(provider.open(CsvOptions.standard(), request))).containsExactly("from manifest");
    assertThatThrownBy(
            () -> provider.open(CsvOptions.standard(), new Request(Optional.empty(), ALL)))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("data.path");
  }

  @Test
  void theProviderIsFoundByItsName() {
    assertThat(Catalogue.load().dataset("csv")).isInstanceOf(CsvProvider.class);
    assertThat(Settings.empty().bind(CsvOptions.class)).isEqualTo(CsvOptions.standard());
  }

  @Test
  void rowsOfAnySizeAreReadBackAsTheyWere() throws IOException {
    StringBuilder content = new StringBuilder("id,text_1,text_2\n");
    List<String> texts =
        IntStream.range(0, 300)
            .mapToObj(i -> "ä漢😀x".repeat(i * i * (i % 97 == 0 ? 10 : 1) / 20 + 1))
            .toList();
    for (int i = 0; i < texts.size(); i++) {
      content
          .append(i)
          .append(',')
          .append(texts.get(i))
          .append(',')
          .append("n")
          .append(i)
          .append('\n');
    }
    Dataset train = open(ALL, content.toString()).split("train");
    assertThat(train.size()).isEqualTo(300);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(train.id(i)).isEqualTo("" + i);
      assertThat(train.get(i).cell("text")).contains(Cell.Strings.of(texts.get(i), "n" + i));
    }
  }

  @Test
  void theFingerprintIsTheSha256OfTheBytes() throws IOException {
    assertThat(open(ALL, "\uFEFFid,photo\r\nä,b\r\n").fingerprint())
        .isEqualTo(sha256("\uFEFFid,photo\r\nä,b\r\n"));
  }

  private static String sha256(String text) {
    try {
      return java.util.HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
