package mmct.eval;

import static mmct.eval.FeatureTable.item;
import static mmct.eval.FeatureTable.items;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import mmct.api.MmctException;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.eval.FeatureTable.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What retrieval reports of features that are written down.
class RetrievalTest {

  @Test
  void theCatalogueFindsItByName() {
    assertThat(Catalogue.load().evaluator("retrieval")).isInstanceOf(RetrievalProvider.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 7, 20, 33, 60})
  void figuresFollowTheirDefinitionWithTiesMissingSidesAndSeveralItems(int samples) {
    for (int seed = 0; seed < 8; seed++) {
      Random random = new Random(1000L * samples + seed);
      // Whole numbers are exact in any order of summation, and three coordinates tie often.
      FeatureTable table =
          FeatureTable.random(samples, 3, random, () -> random.nextInt(3) - 1)
              .sample("both", items(item(1, 0, 1)), items(item(0, 1, 1)));
      assertThat(figures(table))
          .as("seed %d", seed)
          .isEqualTo(ByDefinition.figures(table.rows(), "image", "caption"));
    }
  }

  @Test
  void figuresFollowTheirDefinitionOnRealNumbers() {
    Random random = new Random(5);
    FeatureTable table = FeatureTable.random(150, 24, random, random::nextGaussian);
    assertThat(figures(table)).isEqualTo(ByDefinition.figures(table.rows(), "image", "caption"));
  }

  @Test
  void eachSampleNearestToItselfIsPerfect() {
    FeatureTable table = FeatureTable.imagesAndCaptions();
    for (int i = 0; i < 30; i++) {
      float[] own = new float[30];
      own[i] = 1;
      table.sample("s" + i, items(own), items(own, new float[30]));
    }
    Map<String, Double> figures = figures(table);
    assertThat(direction(figures, "image-to-caption"))
        .containsExactly(100.0, 100.0, 100.0, 1.0, 1.0);
    // The second caption of each sample says nothing, so it ties with all and comes last.
    assertThat(direction(figures, "caption-to-image"))
        .containsExactly(50.0, 50.0, 50.0, 15.0, 15.5);
  }

  @Test
  void tiedRanksAreCountedAndSaid() {
    FeatureTable table =
        FeatureTable.imagesAndCaptions()
            .sample("a", items(item(1, 0)), items(item(1, 0)))
            .sample("b", items(item(1, 0)), items(item(1, 0)))
            .sample("c", items(item(0, 1)), items(item(0, 1), item(1, 0)));

    Evaluation evaluation = evaluate(table);

    // The images of a and b have the captions of a, b and c's second as near as their own; c's own
    // first is nearest. The captions of a and b have both images, c's second has none as near as c.
    assertThat(evaluation.protocol())
        .containsEntry("ties", "count against the model")
        .containsEntry("tiedRanks", Map.of("image-to-caption", 2, "caption-to-image", 2));
    assertThat(evaluation.protocol().get("remarks"))
        .isEqualTo(
            List.of(
                "ties count against the model: 2 ranks of image-to-caption are tied, 2 ranks of"
                    + " caption-to-image are tied"));
    assertThat(EvaluationTable.lines(evaluation).getLast()).startsWith("ties count against");
  }

  @Test
  void withoutTiesNothingIsSaid() {
    FeatureTable table =
        FeatureTable.imagesAndCaptions()
            .sample("a", items(item(1, 0)), items(item(1, 0)))
            .sample("b", items(item(0, 1)), items(item(0, 1)));

    assertThat(evaluate(table).protocol())
        .containsEntry("tiedRanks", Map.of("image-to-caption", 0, "caption-to-image", 0))
        .containsEntry("repeatedItems", Map.of("image", 0, "caption", 0))
        .doesNotContainKey("remarks");
  }

  @Test
  void eachSampleFarthestFromItselfIsWorst() {
    FeatureTable table = FeatureTable.imagesAndCaptions();
    for (int i = 0; i < 20; i++) {
      float[] image = new float[20];
      float[] caption = new float[20];
      image[i] = 1;
      caption[i] = -1;
      table.sample("s" + i, items(image), items(caption, caption));
    }
    Map<String, Double> figures = figures(table);
    assertThat(direction(figures, "image-to-caption")).containsExactly(0.0, 0.0, 0.0, 39.0, 39.0);
    assertThat(direction(figures, "caption-to-image")).containsExactly(0.0, 0.0, 0.0, 20.0, 20.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void featuresThatAreAllAlikeRankLastHoweverTheEngineAddsThemUp(int seed) {
    Random random = new Random(seed);
    float[] same = new float[500 + seed];
    for (int i = 0; i < same.length; i++) {
      same[i] = (float) random.nextGaussian();
    }
    FeatureTable table = FeatureTable.imagesAndCaptions();
    for (int i = 0; i < 103; i++) {
      table.sample("s" + i, items(same), items(same, same, same));
    }
    Map<String, Double> figures = figures(table);
    assertThat(direction(figures, "image-to-caption")).containsExactly(0.0, 0.0, 0.0, 307.0, 307.0);
    assertThat(direction(figures, "caption-to-image")).containsExactly(0.0, 0.0, 0.0, 103.0, 103.0);
  }

  @Test
  void theLastBitOfAFeatureDecides() {
    float[] unit = new float[300];
    Arrays.fill(unit, (float) (1 / Math.sqrt(300)));
    float[] nearer = unit.clone();
    nearer[150] = Math.nextUp(nearer[150]);
    FeatureTable won =
        FeatureTable.imagesAndCaptions()
            .sample("a", items(unit), items(nearer))
            .sample("b", items(unit), items(unit));
    FeatureTable lost =
        FeatureTable.imagesAndCaptions()
            .sample("a", items(unit), items(unit))
            .sample("b", items(unit), items(unit));
    assertThat(figures(won)).containsEntry("image-to-caption.R@1", 50.0);
    assertThat(figures(lost)).containsEntry("image-to-caption.R@1", 0.0);
  }

  @Test
  void theOrderOfSamplesAndItemsDoesNotMatter() {
    Random random = new Random(11);
    FeatureTable table = FeatureTable.random(120, 64, random, random::nextGaussian);
    List<Row> shuffled = new ArrayList<>();
    for (Row row : table.rows()) {
      Map<String, float[][]> turned = new LinkedHashMap<>();
      row.features()
          .forEach(
              (modality, items) ->
                  turned.put(
                      modality,
                      new ArrayList<>(List.of(items)).reversed().toArray(float[][]::new)));
      shuffled.add(new Row(row.id(), turned));
    }
    Collections.shuffle(shuffled, random);
    assertThat(figures(table.with(shuffled))).isEqualTo(figures(table));
  }

  @Test
  void queryAndKeyOnlyDecideWhichDirectionComesFirst() {
    Random random = new Random(12);
    FeatureTable table = FeatureTable.random(60, 16, random, random::nextGaussian);
    Map<String, Double> turned =
        evaluate(
                table,
                new RetrievalOptions(
                    Optional.of("caption"), Optional.of("image"), Optional.empty(), 0, 1000))
            .figures();
    assertThat(turned).isEqualTo(figures(table));
    assertThat(turned.keySet().iterator().next()).startsWith("caption-to-image");
    assertThat(figures(table).keySet().iterator().next()).startsWith("image-to-caption");
  }

  @Test
  void samplesOfOneIdAreOneInstance() {
    Random random = new Random(13);
    FeatureTable whole = FeatureTable.random(40, 8, random, random::nextGaussian);
    List<Row> parts = new ArrayList<>();
    for (Row row : whole.rows()) {
      parts.add(new Row(row.id(), Map.of("image", row.features().get("image"))));
    }
    for (Row row : whole.rows()) {
      for (float[] caption : row.features().get("caption")) {
        parts.add(new Row(row.id(), Map.of("caption", items(caption))));
      }
    }
    Evaluation split = evaluate(whole.with(parts), RetrievalOptions.byDefault());
    Evaluation together = evaluate(whole, RetrievalOptions.byDefault());
    assertThat(split.figures()).isEqualTo(together.figures());
    assertThat(split.protocol().get("samples")).isEqualTo(together.protocol().get("samples"));
  }

  @Test
  void foldsAreTheMeanOverSamplesInOrder() {
    Random random = new Random(14);
    FeatureTable table = FeatureTable.random(60, 8, random, random::nextGaussian);
    List<Row> both =
        table.rows().stream()
            .filter(row -> row.features().values().stream().allMatch(items -> items.length > 0))
            .toList();
    Map<String, Double> expected = new LinkedHashMap<>();
    for (int fold = 0; fold < 3; fold++) {
      ByDefinition.figures(both.subList(11 * fold, 11 * (fold + 1)), "image", "caption")
          .forEach((name, value) -> expected.merge(name, value / 3, Double::sum));
    }
    Evaluation evaluation = evaluate(table, folds(3, 11));
    expected.forEach(
        (name, value) ->
            assertThat(evaluation.figures().get(name)).as(name).isCloseTo(value, within(1e-9)));
    assertThat(evaluation.protocol())
        .containsEntry("folds", 3)
        .containsEntry("foldSize", 11)
        .containsEntry("samples", 33)
        .containsEntry("datasetSamples", 60);
  }

  @Test
  void theProtocolSaysWhatTheNumbersDependOn() {
    FeatureTable table =
        FeatureTable.imagesAndCaptions()
            .sample("a", items(item(1, 0)), items(item(1, 0), item(0, 1)))
            .sample("only image", items(item(1, 1)), items())
            .sample("b", items(item(0, 1), item(1, 1)), items(item(1, 0), item(0, 1), item(1, 1)))
            .sample("only caption", items(), items(item(1, 1)))
            .trainedOn("b", "only image", "elsewhere");
    assertThat(evaluate(table, RetrievalOptions.byDefault()).protocol())
        .containsEntry("query", "image")
        .containsEntry("key", "caption")
        .containsEntry("space", "common")
        .containsEntry("datasetSamples", 4)
        .containsEntry("samples", 2)
        .containsEntry("items", Map.of("image", 3, "caption", 5))
        .containsEntry("folds", 0)
        .containsEntry("ties", "count against the model")
        .containsEntry("trainingOverlap", 1)
        .doesNotContainKey("foldSize")
        .containsKey("chance");
  }

  @Test
  void aSideThatNoSampleHasIsSkippedWithTheReason() {
    FeatureTable table =
        FeatureTable.imagesAndCaptions()
            .sample("a", items(item(1, 0)), items())
            .sample("b", items(), items(item(0, 1)));
    assertThat(new RetrievalProvider().create(RetrievalOptions.byDefault()).evaluate(table))
        .isEmpty();
    assertThat(table.skipped)
        .containsExactly("retrieval needs samples with both image and caption but there are none");
  }

  @Test
  void tooFewSamplesForTheFoldsAreSkippedWithTheReason() {
    FeatureTable table =
        FeatureTable.imagesAndCaptions().sample("a", items(item(1, 0)), items(item(1, 0)));
    assertThat(new RetrievalProvider().create(folds(5, 1000)).evaluate(table)).isEmpty();
    assertThat(table.skipped)
        .containsExactly(
            "retrieval in 5 folds of 1000 needs 5000 samples with both image and caption"
                + " but there are 1");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void featuresThatAreNoNumbersAreRefusedByModalityAndSample(float broken) {
    FeatureTable table =
        FeatureTable.imagesAndCaptions()
            .sample("a", items(item(1, 0)), items(item(1, 0)))
            .sample("b", items(item(1, 0)), items(item(1, 0), item(0, broken)));
    assertThatThrownBy(() -> figures(table))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "features must be finite but caption in space common holds %s (sample b)"
                .formatted(broken));
  }

  private static Evaluation evaluate(FeatureTable table) {
    return evaluate(table, RetrievalOptions.byDefault());
  }

  private static Map<String, Double> figures(FeatureTable table) {
    return evaluate(table, RetrievalOptions.byDefault()).figures();
  }

  private static Evaluation evaluate(FeatureTable table, RetrievalOptions options) {
    return new RetrievalProvider().create(options).evaluate(table).orElseThrow();
  }

  private static RetrievalOptions folds(int folds, int size) {
    return new RetrievalOptions(Optional.empty(), Optional.empty(), Optional.empty(), folds, size);
  }

  private static List<Double> direction(Map<String, Double> figures, String direction) {
    return figures.entrySet().stream()
        .filter(figure -> figure.getKey().startsWith(direction))
        .map(Map.Entry::getValue)
        .toList();
  }
}
