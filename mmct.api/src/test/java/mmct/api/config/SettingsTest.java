package mmct.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {
  /// One component of every kind.
  public record Everything(
      @Setting(value = "A whole number.", byDefault = "3", min = 1) int whole,
      @Setting(value = "A large one.", byDefault = "9000000000") long large,
      @Setting(value = "A number.", byDefault = "1e-4", above = 0) double number,
      @Setting(value = "Yes or no.", byDefault = "true") boolean flag,
      @Setting(
              value = "A word.",
              byDefault = "blue",
              choices = {"blue", "red"})
          String word,
      @Setting(value = "A choice.", byDefault = "two-words") Choice choice,
      @Setting("A path.") Optional<Path> path,
      @Setting(value = "Numbers.", byDefault = "[0.9, 0.98]") List<Double> numbers,
      @Setting("By name.") Map<String, Inner> named,
      @Setting("A group.") Inner inner,
      @Setting("Anything.") Settings rest) {}

  /// A group whose first key can stand for it.
  public record Inner(
      @Setting(value = "The kind.", byDefault = "plain") String type,
      @Setting(value = "The size.", byDefault = "8", max = 100) int size,
      @Setting("A file.") Optional<Path> file) {}

  /// Words with hyphens in the configuration.
  public enum Choice {
    /// One.
    ONE,
    /// Two.
    TWO_WORDS
  }

  private static Settings yaml(String text) {
    return YamlReader.read(text, "test.yaml");
  }

  @Test
  void writingARecordOutIsTheInverseOfBinding() {
    Everything bound =
        yaml("""
                whole: 7
                path: /somewhere/else.txt
                named: {a: {size: 2}, b: fancy}
                inner: {type: other}
                rest: {x: [1, 2], y: {z: true}}
                """)
            .bind(Everything.class);

    Settings written = Settings.of(bound);

    assertThat(written.bind(Everything.class).toString()).isEqualTo(bound.toString());
    assertThat(written.toMap())
        .containsEntry("number", 1e-4)
        .containsEntry("choice", "two-words")
        .containsEntry("inner", Map.of("type", "other", "size", 8L));
  }

  @Test
  void whatIsNotSetIsNotWrittenOut() {
    assertThat(Settings.of(yaml("{}").bind(Everything.class)).keys())
        .containsExactly("whole", "large", "number", "flag", "word", "choice", "numbers", "inner");
  }

  @Test
  void yamlIsReadBackAsItWasWritten() {
    Map<String, Object> values =
        Map.of(
            "small",
            1e-4,
            "smaller",
            2.5e-7,
            "plain",
            0.029296875,
            "whole",
            12L,
            "flag",
            false,
            "words",
            List.of("yes", "3", "null", "a: b", "# no comment", "", " ", "-x", "~"),
            "odd",
            Map.of("a b", "line\nbreak", "ключ", "värde \"quoted\" \\ \u0007 😀", "true", "x"),
            "mixed",
            List.of(1L, 2.0, Map.of("deep", List.of(true)), List.of()));

    String text = YamlWriter.write(Settings.of(values));

    assertThat(YamlReader.read(text, "again").toMap()).isEqualTo(Settings.of(values).toMap());
  }

  @Test
  void aWordThatStoodAloneStaysWhenFurtherKeysAreLaidOverIt() {
    Settings base = yaml("inner: fancy\nnamed: {a: odd}\nnumbers: [1]");

    Settings larger = Settings.assignment("inner.size=9").over(base);
    assertThat(larger.bind(Everything.class).inner()).isEqualTo(inner("fancy", 9));
    assertThat(Settings.assignment("inner.type=new").over(larger).bind(Everything.class).inner())
        .isEqualTo(inner("new", 9));
    assertThat(Settings.assignment("inner=bare").over(larger).bind(Everything.class).inner())
        .isEqualTo(inner("bare", 8));
    assertThat(Settings.assignment("named.a.size=2").over(base).bind(Everything.class).named())
        .isEqualTo(Map.of("a", inner("odd", 2)));
    assertThatThrownBy(
            () -> Settings.assignment("whole.more=2").over(yaml("whole: 4")).bind(Everything.class))
        .hasMessageContaining("whole must be a whole number");
  }

  private static Inner inner(String type, int size) {
    return new Inner(type, size, Optional.empty());
  }

  @Test
  void remarksStandBehindTheirValues() {
    String text = YamlWriter.write(yaml("a: {b: 1}"), path -> Optional.of("from " + path));

    assertThat(text).startsWith("a:\n  b: 1 ").endsWith("# from a.b\n");
  }

  @Test
  void pathsInAFileStartFromItsFolderAndOthersFromTheWorkingDirectory() {
    Settings file = YamlReader.read("path: data/x.csv", "f.yaml", Optional.of(Path.of("/home/me")));

    assertThat(file.bind(Everything.class).path()).contains(Path.of("/home/me/data/x.csv"));
    assertThat(Settings.assignment("path=data/x.csv").over(file).bind(Everything.class).path())
        .contains(Path.of("data/x.csv").toAbsolutePath());
  }

  @Test
  void aPathKeepsItsFolderInsideOfGroupsAndShorthands() {
    Optional<Path> folder = Optional.of(Path.of("/home/me"));
    Settings file = YamlReader.read("inner: {file: ../v.txt}", "f.yaml", folder);

    assertThat(file.bind(Everything.class).inner().file()).contains(Path.of("/home/v.txt"));
  }

  @Test
  void everyValueKnowsWhereItWasWritten() {
    Settings merged =
        Settings.assignment("inner.size=9").over(yaml("inner:\n  type: a\n  size: 1\n"));

    assertThat(merged.child("inner").origin("type")).contains("test.yaml:2");
    assertThat(merged.child("inner").origin("size")).contains("--set inner.size=9");
    assertThat(merged.origin("word")).isEmpty();
  }

  @Test
  void theOriginsOfAGroupGoWithTheGroup() {
    Settings merged = Settings.assignment("inner=fancy").over(yaml("inner:\n  type: a\n"));

    assertThat(merged.child("other").origin("type")).isEmpty();
    assertThat(merged.origin("inner.type")).contains("--set inner=fancy");
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearestOne() {
    assertThatThrownBy(() -> yaml("inner:\n  sise: 3\n").bind(Everything.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "inner.sise is not a known key (test.yaml:2); did you mean size?; known keys of inner:"
                + " file, size, type");
  }

  @Test
  void aValueOutOfRangeIsRefusedWithRuleValueAndPlace() {
    assertThatThrownBy(() -> yaml("whole: 0").bind(Everything.class))
        .hasMessage("whole must be at least 1 but was 0 (test.yaml:1)");
    assertThatThrownBy(() -> Settings.assignment("inner.size=101").bind(Everything.class))
        .hasMessage("inner.size must be at most 100 but was 101 (--set inner.size=101)");
  }

  @Test
  void anExplicitNullTakesAKeyAway() {
    assertThat(yaml("inner: null").over(yaml("inner: {size: 1}\nwhole: 2")).keys())
        .containsExactly("whole");
    assertThat(yaml("inner: {size: null}").over(yaml("whole: 2")).toMap())
        .isEqualTo(Map.of("whole", 2L, "inner", Map.of()));
  }

  @Test
  void aNameIsSuggestedOnlyWhereOneIsNear() {
    assertThat(NearName.of("quikstart", List.of("quickstart", "ours"))).contains("quickstart");
    assertThat(NearName.of("zebra", List.of("quickstart", "ours"))).isEmpty();
    assertThat(NearName.of("x", List.of("lr"))).isEmpty();
  }

  @Test
  void aValueOnTheCommandLineThatIsNotYamlIsToldWithTheWordsOfTheUser() {
    assertThatThrownBy(() -> Settings.assignment("number=.inf").bind(Everything.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("number must be a number but was '.inf' (--set number=.inf)");
    assertThatThrownBy(() -> Settings.assignment("numbers=[1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("'[1' is not a YAML value: ")
        .hasMessageEndingWith("(--set numbers=[1)");
    assertThatThrownBy(() -> Settings.assignment("whole"))
        .hasMessage("--set expects key=value but was given 'whole'");
    assertThatThrownBy(() -> Settings.assignment("a..b=1"))
        .hasMessage("'a..b' is not a key (--set a..b=1)");
  }

  @Test
  void malformedYamlIsToldWithItsLine() {
    assertThatThrownBy(() -> yaml("whole: 1\ninner: [1\nflag: true\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("test.yaml is not YAML: ")
        .hasMessageMatching(".*\\(test.yaml:\\d+\\)");
    assertThatThrownBy(() -> yaml("whole: 1\nflag: true\nwhole: 2\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("whole is written twice (test.yaml:3)");
    assertThatThrownBy(() -> yaml("- 1\n- 2\n"))
        .hasMessage("a configuration is a group of keys (test.yaml:1)");
  }

  @Test
  void numbersAreWrittenAsPeopleWriteThem() {
    Settings settings = yaml("a: 1e-4\nb: 2e5\nc: 0.07\nd: 32768\ne: -3\n");
    assertThat(settings.toMap())
        .containsEntry("a", 1e-4)
        .containsEntry("b", 2e5)
        .containsEntry("c", 0.07)
        .containsEntry("d", 32768L)
        .containsEntry("e", -3L);
    assertThat(Settings.of(Map.of("whole", 2e5)).bind(Everything.class).whole()).isEqualTo(200_000);
    assertThatThrownBy(() -> yaml("whole: 3000000000").bind(Everything.class))
        .hasMessage(
            "whole must be a whole number below 2147483648 but was 3000000000 (test.yaml:1)");
  }

  @Test
  void anUnknownGroupIsToldByTheFirstKeyInIt() {
    assertThatThrownBy(() -> Settings.assignment("iner.size=3").bind(Everything.class))
        .hasMessageStartingWith(
            "iner is not a known key (--set iner.size=3); did you mean inner?; known keys: ");
  }

  @Test
  void aWordIsOneOfItsChoices() {
    assertThatThrownBy(() -> yaml("\nword: green").bind(Everything.class))
        .hasMessage("word must be one of blue, red but was 'green' (test.yaml:2)");
    assertThatThrownBy(() -> yaml("choice: three").bind(Everything.class))
        .hasMessage("choice must be one of one, two-words but was 'three' (test.yaml:1)");
  }

  @Test
  void aValueInAMapIsToldByItsWholePath() {
    assertThatThrownBy(
            () -> yaml("named:\n  a: {size: 1}\n  b: {size: 200}").bind(Everything.class))
        .hasMessage("named.b.size must be at most 100 but was 200 (test.yaml:3)");
  }

  @Test
  void laterTreesLieOverEarlierOnes() {
    Settings merged =
        yaml("numbers: [1, 2]\ninner: {type: a, size: 1}")
            .over(yaml("numbers: [3, 4, 5]\ninner: {size: 7}\nwhole: 9"));
    assertThat(merged.toMap())
        .isEqualTo(
            Map.of(
                "numbers", List.of(1L, 2L), "inner", Map.of("type", "a", "size", 1L), "whole", 9L));
  }
}
