package mmct.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
  /// Settings of each kind.
  public record Kinds(
      @Setting(value = "A word.", byDefault = "none") String word,
      @Setting("Words.") List<String> words,
      @Setting(value = "A whole number.", byDefault = "1") long whole,
      @Setting(value = "A number.", byDefault = "1") double number,
      @Setting(value = "True or false.", byDefault = "true") boolean flag) {}

  private static Settings yaml(String text) {
    return YamlReader.read(text, "x.yaml");
  }

  private static Kinds bound(String text) {
    return yaml(text).bind(Kinds.class);
  }

  /// A scalar as it is written, and what it means.
  static Stream<Arguments> scalars() {
    return Stream.of(
        Arguments.of("5", 5L),
        Arguments.of("+5", 5L),
        Arguments.of("-0", 0L),
        Arguments.of("1_000", 1000L),
        Arguments.of("0x1F", 31L),
        Arguments.of("0b101", 5L),
        Arguments.of("9223372036854775807", Long.MAX_VALUE),
        Arguments.of("9223372036854775808", 9223372036854775808.0),
        Arguments.of("1e5", 1e5),
        Arguments.of("1E+5", 1e5),
        Arguments.of("1e-4", 1e-4),
        Arguments.of("1.", 1.0),
        Arguments.of(".5", 0.5),
        Arguments.of("-1.5e3", -1500.0),
        Arguments.of("0.029296875", 0.029296875),
        // Octal, sexagesimal: YAML 1.1 and 1.2 differ, so they are no numbers at all.
        Arguments.of("010", "010"),
        Arguments.of("08", "08"),
        Arguments.of("0o17", "0o17"),
        Arguments.of("1:30", "1:30"),
        Arguments.of("2024-01-01", "2024-01-01"),
        Arguments.of(".inf", ".inf"),
        Arguments.of(".NaN", ".NaN"),
        Arguments.of("nan", "nan"),
        Arguments.of("None", "None"),
        Arguments.of("_1", "_1"),
        Arguments.of("1e", "1e"),
        Arguments.of("1,5", "1,5"),
        Arguments.of("true", true),
        Arguments.of("False", false),
        Arguments.of("yes", true),
        Arguments.of("off", false),
        Arguments.of("y", "y"),
        Arguments.of("n", "n"),
        Arguments.of("~", null),
        Arguments.of("null", null),
        Arguments.of("", null),
        Arguments.of("'1e5'", "1e5"),
        Arguments.of("\"1e5\"", "1e5"),
        Arguments.of("\"5\"", "5"),
        Arguments.of("'true'", "true"),
        Arguments.of("'null'", "null"),
        Arguments.of("''", ""),
        Arguments.of("!!str 5", "5"),
        Arguments.of("!!float 1", 1.0),
        Arguments.of("!!int \"5\"", 5L),
        Arguments.of("|-\n  1e5", "1e5"),
        Arguments.of("a # b", "a"),
        Arguments.of("a#b", "a#b"));
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void aScalarMeansWhatItsWriterMeant(String written, @Nullable Object value) {
    assertThat(yaml("v: " + written + "\n").toMap().get("v")).isEqualTo(value);
  }

  @Test
  void aWordIsWhatWasWrittenEvenWhereItLooksLikeANumber() {
    Kinds kinds = bound("word: 1_000\nwords: [010, 1.10, 1e5, yes, No, 0x1F, 5]\n");

    assertThat(kinds.word()).isEqualTo("1_000");
    assertThat(kinds.words()).containsExactly("010", "1.10", "1e5", "yes", "No", "0x1F", "5");
    assertThat(bound("words: 2024_01").words()).containsExactly("2024_01");
    assertThat(Settings.assignment("word=1e5").bind(Kinds.class).word()).isEqualTo("1e5");
    assertThat(Settings.assignment("words=[1.10]").over(yaml("words: [007]")).bind(Kinds.class))
        .extracting(Kinds::words)
        .isEqualTo(List.of("1.10"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"010", "1:30", "'5'", "\"1e5\"", "0o17", "1.5"})
  void whatIsNoWholeNumberToAllIsRefusedAsOne(String written) {
    assertThatThrownBy(() -> bound("whole: " + written))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("whole must be a whole number but was ")
        .hasMessageEndingWith(" (x.yaml:1)");
  }

  @Test
  void aliasesStandForWhatTheyName() {
    Settings settings =
        yaml(
            """
            size: &n 512
            batch: *n
            inner: &i {a: 1, b: [x, *n]}
            again: *i
            """);

    assertThat(settings.toMap())
        .containsEntry("batch", 512L)
        .containsEntry("again", Map.of("a", 1L, "b", List.of("x", 512L)));
    assertThat(settings.origin("batch")).contains("x.yaml:2");
  }

  @Test
  void mergeKeysAddWhatIsNotWritten() {
    Settings settings =
        yaml(
            """
            base: &base {a: 1, b: 2}
            more: &more {b: 3, c: 4, d: {e: 5}}
            one: {<<: *base, b: 20}
            two: {<<: [*base, *more], d: 6}
            three: {<<: {<<: *more, c: 7}, a: 8}
            """);

    assertThat(settings.child("one").toMap()).isEqualTo(Map.of("a", 1L, "b", 20L));
    assertThat(settings.child("two").toMap()).isEqualTo(Map.of("a", 1L, "b", 2L, "c", 4L, "d", 6L));
    assertThat(settings.child("three").toMap())
        .isEqualTo(Map.of("a", 8L, "b", 3L, "c", 7L, "d", Map.of("e", 5L)));
    assertThat(yaml("'<<': 1").keys()).containsExactly("<<");
  }

  /// A document and the sentence that it is refused with.
  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "a: 1\n---\nb: 2\n",
            "a configuration is one document but a second one begins (x.yaml:2)"),
        Arguments.of(
            "a: 1\n...\n---\n",
            "a configuration is one document but a second one begins (x.yaml:3)"),
        Arguments.of("a: *b\n", "x.yaml is not YAML: found undefined alias b (x.yaml:1)"),
        Arguments.of(
            "a: &x\n  b: *x\n", "an alias cannot stand inside of what it names (x.yaml:1)"),
        Arguments.of("a: &x [1, *x]\n", "an alias cannot stand inside of what it names (x.yaml:1)"),
        Arguments.of(
            "a: &x\n  <<: *x\n", "an alias cannot stand inside of what it names (x.yaml:1)"),
        Arguments.of(
            "a: {<<: 1}", "the merge key << takes a group of keys or a list of such (x.yaml:1)"),
        Arguments.of("a: 1\nb: 1\na: 2\n", "a is written twice (x.yaml:3)"),
        Arguments.of("a:\n  'b': 1\n  b: 2\n", "a.b is written twice (x.yaml:3)"),
        Arguments.of("- a\n", "a configuration is a group of keys (x.yaml:1)"),
        Arguments.of("\n\nword\n", "a configuration is a group of keys (x.yaml:3)"),
        Arguments.of("'': 1\n", "a key must not be empty (x.yaml:1)"),
        Arguments.of("? [a, b]\n: 1\n", "a key must be a word (x.yaml:1)"),
        Arguments.of("a: !mine 1\n", "'1' is not of the type !mine (x.yaml:1)"),
        Arguments.of("a: !!set {b}\n", "the type tag:yaml.org,2002:set is not known (x.yaml:1)"),
        Arguments.of("a: !!int x\n", "'x' is not of the type tag:yaml.org,2002:int (x.yaml:1)"),
        Arguments.of(
            "a: 1\nb: \u0001\n",
            "x.yaml is not YAML: the character U+0001 is not allowed (x.yaml:2)"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsNoConfigurationIsRefusedWithItsLine(String text, String sentence) {
    assertThatThrownBy(() -> yaml(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(sentence);
  }

  @Test
  void aTabThatIndentsIsToldWithItsLine() {
    assertThatThrownBy(() -> yaml("a: 1\nb:\n\tc: 2\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("TAB")
        .hasMessageEndingWith("(x.yaml:3)");
  }

  @Test
  void aliasesThatGrowByPowersAreBounded() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    StringBuilder merging = new StringBuilder("a0: &a0 {x: 1}\n");
    for (int i = 1; i < 40; i++) {
      merging.append("a%d: &a%d {<<: [*a%d, *a%d]}\n".formatted(i, i, i - 1, i - 1));
    }
    for (StringBuilder text : List.of(bomb, merging)) {
      assertThatThrownBy(() -> yaml(text.toString()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith("a configuration has at most 100000 values");
    }
    assertThatThrownBy(() -> yaml("a: " + "[".repeat(100_000)))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void marksAndLineEndingsOfOtherSystemsChangeNothing() {
    Map<String, @Nullable Object> plain = yaml("a: 1\nb: {c: x}\n").toMap();

    assertThat(yaml("\ufeffa: 1\r\nb: {c: x}\r\n").toMap()).isEqualTo(plain);
    assertThat(yaml("--- \na: 1\nb: {c: x}\n...\n").toMap()).isEqualTo(plain);
    assertThat(yaml("").keys()).isEmpty();
    assertThat(yaml("# nothing\n").keys()).isEmpty();
    assertThat(yaml("---\n").keys()).isEmpty();
  }

  /// A value behind `--set word=` and the word that it is.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "|",
        "*x",
        "&",
        "&x",
        "[",
        "{",
        "]",
        "'",
        "\"",
        "#",
        "a #b",
        "%",
        "@",
        "`",
        "!x",
        ">",
        "-",
        "- a",
        "?",
        ":",
        "a: b",
        ",",
        " ",
        "\t",
        "it's",
        "'tis",
        "a\\b",
        "C:\\x",
        "<<",
        "--- a",
        "...",
        "\u00e4\u00f6\u00fc",
        "*",
        "a, b",
        "=",
        "a=b",
        ""
      })
  void everyTextCanBeSaidPlainlyOnTheCommandLine(String text) {
    assertThat(Settings.assignment("word=" + text).bind(Kinds.class).word()).isEqualTo(text);
  }

  @Test
  void quotesAndBracketsOnTheCommandLineAreYaml() {
    assertThat(Settings.assignment("word='1 # 2'").bind(Kinds.class).word()).isEqualTo("1 # 2");
    assertThat(Settings.assignment("word=\"a\\tb\"").bind(Kinds.class).word()).isEqualTo("a\tb");
    assertThat(Settings.assignment("words=[a, 'b, c', \"[\"]").bind(Kinds.class).words())
        .containsExactly("a", "b, c", "[");
    assertThat(Settings.assignment("x={a: {b: [1, 2]}}").toMap())
        .isEqualTo(Map.of("x", Map.of("a", Map.of("b", List.of(1L, 2L)))));
    assertThat(Settings.assignment("number= 1e-3 ").bind(Kinds.class).number()).isEqualTo(1e-3);
    assertThat(Settings.assignment("word=null").over(yaml("word: x")).keys()).isEmpty();
    for (String open : List.of("[1, 2", "{a: 1", "[*x]")) {
      assertThatThrownBy(() -> Settings.assignment("words=" + open).bind(Kinds.class))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("'" + open + "'")
          .hasMessageEndingWith("(--set words=" + open + ")");
    }
  }

  @Test
  void everyTextIsReadBackAsItWasWritten() {
    SplittableRandom random = new SplittableRandom(7);
    int[] odd = {
      0, 1, 9, 10, 13, 32, '"', '\'', '\\', '#', ':', '-', '0', '1', 'e', '.', '_', 'n', 'o', '~',
      'y', 0x7f, 0x85, 0x9f, 0xa0, 0x200b, 0x2028, 0x2029, 0xfeff, 0xfffe, 0xd800, 0x1f600, 0xe000
    };
    for (int i = 0; i < 3000; i++) {
      int length = random.nextInt(5);
      String text =
          random
              .ints(length, 0, odd.length)
              .map(at -> odd[at])
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("v", text);
      values.put("list", List.of(text, "x"));
      if (!text.isEmpty()) {
        values.put("k" + text, true);
      }
      String written = YamlWriter.write(Settings.of(values));

      assertThat(yaml(written).toMap())
          .as(Arrays.toString(text.codePoints().toArray()))
          .isEqualTo(values);
    }
  }

  @Test
  void aListDoesNotHoldNothing() {
    assertThatThrownBy(() -> bound("words: [a, null]"))
        .hasMessage("words must not hold null (x.yaml:1); the word is written \"null\"");
  }
}
