package mmct.eval;

import static mmct.eval.FeatureTable.item;
import static mmct.eval.FeatureTable.items;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import org.junit.jupiter.api.Test;

/// Which pair of modalities the options mean, and what they refuse.
class RetrievalOptionsTest {
  private static final float[][] SOME = items(item(1, 0));

  @Test
  void nothingWrittenIsTheDefault() {
    assertThat(Settings.empty().bind(RetrievalOptions.class))
        .isEqualTo(RetrievalOptions.byDefault());
  }

  @Test
  void theOnlyPairThatSharesASpaceIsTaken() {
    assertThat(evaluate(twoModalities(), Map.of()))
        .contains(Map.of("query", "image", "key", "caption", "space", "common"));
  }

  @Test
  void oneNamedModalityDecidesWhoIsItsPartner() {
    assertThat(evaluate(threeModalities(), Map.of("query", "caption", "space", "words")))
        .contains(Map.of("query", "caption", "key", "tags", "space", "words"));
    assertThat(evaluate(threeModalities(), Map.of("key", "image")))
        .contains(Map.of("query", "caption", "key", "image", "space", "common"));
  }

  @Test
  void theNamedSpaceDecides() {
    assertThat(evaluate(threeModalities(), Map.of("space", "words")))
        .contains(Map.of("query", "caption", "key", "tags", "space", "words"));
  }

  @Test
  void severalPairsAreAChoiceThatTheUserHasToMake() {
    assertThatThrownBy(() -> evaluate(threeModalities(), Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "the retrieval compares one pair of modalities in one space but could take 2"
                + " (image and caption in common; caption and tags in words); name one with query,"
                + " key and space");
  }

  @Test
  void severalSpacesOfOnePairAreAChoiceToo() {
    FeatureTable table =
        new FeatureTable().encoder("image", "wide", "narrow").encoder("caption", "wide", "narrow");
    assertThatThrownBy(() -> evaluate(table, Map.of("query", "image", "key", "caption")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("(image and caption in narrow; image and caption in wide)");
  }

  @Test
  void anUnknownModalityIsNamedWithThoseThatAreThere() {
    assertThatThrownBy(() -> evaluate(twoModalities(), Map.of("query", "picture")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "query of the retrieval must be a modality with an encoder (image, caption) but was"
                + " 'picture'");
    assertThatThrownBy(() -> evaluate(twoModalities(), Map.of("key", "picture")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("key of the retrieval");
  }

  @Test
  void anUnknownSpaceIsNamedWithThoseThatAreShared() {
    assertThatThrownBy(() -> evaluate(twoModalities(), Map.of("space", "image-self")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "space of the retrieval must be a shared one (image and caption in common) but was"
                + " 'image-self'");
  }

  @Test
  void aModalityCannotBeComparedWithItself() {
    assertThatThrownBy(() -> evaluate(twoModalities(), Map.of("query", "image", "key", "image")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("query and key of the retrieval must be two modalities but both were 'image'");
  }

  @Test
  void namedModalitiesWithoutASharedSpaceAreRefused() {
    assertThatThrownBy(() -> evaluate(threeModalities(), Map.of("query", "image", "key", "tags")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "the retrieval needs a space that its modalities share but image shares none with tags;"
                + " image is in common; caption is in common, words; tags is in words");
  }

  @Test
  void encodersThatShareNoSpaceAreSkippedWithTheReason() {
    FeatureTable table =
        new FeatureTable().encoder("image", "image-self").encoder("caption", "caption-self");
    assertThat(evaluate(table, Map.of())).isEmpty();
    assertThat(table.skipped)
        .containsExactly(
            "retrieval needs two modalities that share a space but there are none: image is in"
                + " image-self; caption is in caption-self");
  }

  @Test
  void foldsOutOfRangeAreRefusedByKey() {
    assertThatThrownBy(() -> evaluate(twoModalities(), Map.of("folds", -1)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("folds must be at least 0 but was -1");
    assertThatThrownBy(() -> evaluate(twoModalities(), Map.of("foldSize", 0)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("foldSize must be at least 1 but was 0");
  }

  private static FeatureTable twoModalities() {
    return FeatureTable.imagesAndCaptions().sample("a", SOME, SOME);
  }

  private static FeatureTable threeModalities() {
    return new FeatureTable()
        .encoder("image", "common")
        .encoder("caption", "common", "words")
        .encoder("tags", "words")
        .sample(new FeatureTable.Row("a", Map.of("image", SOME, "caption", SOME, "tags", SOME)));
  }

  /// The pair that was compared.
  private static Optional<Map<String, Object>> evaluate(
      EvaluationContext context, Map<String, Object> settings) {
    RetrievalOptions options = Settings.of(settings).bind(RetrievalOptions.class);
    return new RetrievalProvider()
        .create(options)
        .evaluate(context)
        .map(Evaluation::protocol)
        .map(
            protocol ->
                Map.of(
                    "query", protocol.get("query"),
                    "key", protocol.get("key"),
                    "space", protocol.get("space")));
  }
}
