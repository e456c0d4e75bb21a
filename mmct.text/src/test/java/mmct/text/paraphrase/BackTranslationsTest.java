package mmct.text.paraphrase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackTranslationsTest {
  /// Python: `hashlib.sha256("Café au lait.".encode()).hexdigest()`.
  private static final String HASH =
      "695e6c73d9af8c9c53ca9b0467d79f80aba23908de4819989ea05401f01bd4c1";

  @TempDir Path folder;

  @Test
  void aCaptionIsFoundByTheHashThatPythonComputes() {
    assertThat(CaptionHash.parse(HASH)).contains(CaptionHash.of("Café au lait."));
    assertThat(CaptionHash.of(" \t\r\n\u000b\fCafé au lait. \n"))
        .isEqualTo(CaptionHash.of("Café au lait."));
    assertThat(CaptionHash.of("\u00a0Café au lait.")).isNotEqualTo(CaptionHash.of("Café au lait."));
  }

  @Test
  void aPairIsDrawnWithoutReplacementFromTheCaptionAndItsBackTranslations() throws IOException {
    BackTranslations source =
        read(line(HASH, "fr", "Coffee with milk."), line(HASH, "de", "Milk coffee."));
    RandomGenerator random = new SplittableRandom(1);
    Map<String, Integer> pairs = new TreeMap<>();
    for (int i = 0; i < 6000; i++) {
      ParaphraseSource.Pair pair = source.pair("Café au lait.", "other", random);
      assertThat(pair.query()).isNotEqualTo(pair.key());
      pairs.merge(pair.query() + "|" + pair.key(), 1, Integer::sum);
    }

    assertThat(pairs).hasSize(6);
    assertThat(pairs.values()).allSatisfy(count -> assertThat(count).isBetween(850, 1150));
  }

  @Test
  void aCaptionWithoutBackTranslationsFallsBack() throws IOException {
    BackTranslations source = read(line(HASH, "fr", "Coffee with milk."));

    assertThat(source.pair("Tea.", "Another tea.", new SplittableRandom(1)))
        .isEqualTo(new ParaphraseSource.Pair("Tea.", "Another tea."));
  }

  @Test
  void aBackTranslationThatChangedNothingIsLeftOut() throws IOException {
    BackTranslations source =
        read(line(HASH, "fr", "Café au lait."), line(HASH, "de", "Milk coffee."));
    RandomGenerator random = new SplittableRandom(1);
    for (int i = 0; i < 100; i++) {
      ParaphraseSource.Pair pair = source.pair("Café au lait.", "other", random);
      assertThat(List.of(pair.query(), pair.key()))
          .containsExactlyInAnyOrder("Café au lait.", "Milk coffee.");
    }
  }

  @Test
  void theReportTellsTheShareOfCaptionsWithBackTranslations() throws IOException {
    BackTranslations source =
        read(
            line(HASH, "fr", "Coffee with milk."),
            line(HASH, "de", "Milk coffee."),
            line(HASH, "es", "Café au lait."));

    assertThat(source.report(() -> Stream.of("Café au lait.", "Tea.", "Water.")))
        .isEqualTo(
            "2 back-translations (de, es, fr) from "
                + folder.resolve("back.jsonl")
                + ", 1 equal to their caption left out; 33.33 % of 3 captions have at least one");
  }

  @Test
  void blankLinesAndFurtherKeysDoNotMatter() throws IOException {
    String hash = HASH.toUpperCase(java.util.Locale.ROOT);
    BackTranslations source =
        read("", "{\"hash\":\"" + hash + "\",\"language\":\"fr\",\"text\":\"x\",\"model\":\"m\"}");

    assertThat(source.report(() -> Stream.of("Café au lait."))).contains("100.00 % of 1 captions");
  }

  @Test
  void aMalformedLineIsNamed() {
    assertMalformed("{\"hash\": ", "a line must be one JSON object");
    assertMalformed("[1, 2]", "a line must be one JSON object");
    assertMalformed(line(HASH, "fr", "x") + "{}", "a line must be one JSON object");
    assertMalformed(line("abc", "fr", "x"), "hash must be 64 hexadecimal digits but was 'abc'");
    assertMalformed(
        "{\"hash\": \"" + HASH + "\", \"language\": \"fr\"}", "text must be a text but was null");
    assertMalformed(
        "{\"hash\": \"" + HASH + "\", \"language\": 3, \"text\": \"x\"}",
        "language must be a text but was 3");
  }

  @Test
  void aFileThatIsNotTextOrNotThereIsNamed() throws IOException {
    Path file = Files.write(folder.resolve("b.jsonl"), new byte[] {'\n', (byte) 0xff, '\n'});

    assertThatThrownBy(() -> BackTranslations.read(file, ParaphraseSource.SAME_CAPTION))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("UTF-8")
        .hasMessageContaining("b.jsonl");
    assertThatThrownBy(
            () ->
                BackTranslations.read(folder.resolve("none.jsonl"), ParaphraseSource.SAME_CAPTION))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("none.jsonl");
  }

  private void assertMalformed(String line, String reason) {
    assertThatThrownBy(() -> read(line(HASH, "fr", "x"), line))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith(reason)
        .hasMessageEndingWith("(" + folder.resolve("back.jsonl") + ":2)");
  }

  private BackTranslations read(String... lines) throws IOException {
    Path file = Files.write(folder.resolve("back.jsonl"), List.of(lines));
    return BackTranslations.read(file, ParaphraseSource.OTHER_CAPTION);
  }

  private static String line(String hash, String language, String text) {
    return "{\"hash\": \"%s\", \"language\": \"%s\", \"text\": \"%s\"}"
        .formatted(hash, language, text);
  }
}
