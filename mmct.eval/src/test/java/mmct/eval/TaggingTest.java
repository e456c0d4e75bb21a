package mmct.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Evaluator;
import mmct.eval.SplitTable.Row;
import org.junit.jupiter.api.Test;

/// What tagging reports of features that are written down.
class TaggingTest {
  private static final int TAGS = 24;
  private static final Map<String, Object> SMALL =
      Map.of("hidden", 64, "epochs", 30, "batch", 32, "lr", 3e-3);

  @Test
  void theCatalogueFindsItByName() {
    assertThat(Catalogue.load().evaluator("tagging")).isInstanceOf(TaggingProvider.class);
  }

  @Test
  void featuresThatShowTheTagsBeatTheFrequenciesAndFeaturesThatDoNotDoNot() {
    Evaluation shown = evaluate(table(400, 1), Map.of());
    Evaluation hidden = evaluate(table(400, 0), Map.of());
    double chance = level("chance", shown, "mAP");
    assertThat(shown.figures().get("mAP")).isGreaterThan(chance + 40);
    assertThat(shown.figures().get("mIOU@5"))
        .isGreaterThan(level("byFrequency", shown, "mIOU@5") + 15);
    assertThat(hidden.figures().get("mAP")).isLessThan(chance + 10);
    assertThat(hidden.figures().get("mIOU@5"))
        .isCloseTo(level("byFrequency", hidden, "mIOU@5"), within(8.0));
  }

  @Test
  void theSameSeedGivesTheSameFiguresAndAnotherSeedOthers() {
    Map<String, Double> figures = evaluate(table(200, 1), Map.of()).figures();
    assertThat(evaluate(table(200, 1), Map.of()).figures()).isEqualTo(figures);
    assertThat(evaluate(table(200, 1), Map.of("seed", 2)).figures()).isNotEqualTo(figures);
  }

  @Test
  void severalSeedsGiveMeanAndDeviationOfEachFigure() {
    Map<String, Object> short2 = Map.of("epochs", 2, "seeds", 2);
    Map<String, Double> both = evaluate(table(120, 1), short2).figures();
    assertThat(both.keySet())
        .containsExactly(
            "mIOU@5",
            "mIOU@10",
            "mIOU@15",
            "mIOU@20",
            "mAP",
            "deviation.mIOU@5",
            "deviation.mIOU@10",
            "deviation.mIOU@15",
            "deviation.mIOU@20",
            "deviation.mAP");
    double first = evaluate(table(120, 1), Map.of("epochs", 2)).figures().get("mAP");
    // Two values lie as far from their mean on both sides: the deviation is that times √2.
    assertThat(Math.abs(first - both.get("mAP")) * Math.sqrt(2))
        .isCloseTo(both.get("deviation.mAP"), within(1e-9));
  }

  @Test
  void imagesWithoutKnownTagsAreSkippedAndCounted() {
    List<Row> train = rows(100, 1, "a", new Random(1));
    List<Row> test = new ArrayList<>(rows(50, 1, "b", new Random(2)));
    test.add(new Row("none", new float[TAGS], Map.of()));
    test.add(new Row("unknown", new float[TAGS], Map.of("tags", Cell.Strings.of("never seen"))));
    test.add(new Row("no image", new float[0], Map.of("tags", Cell.Strings.of("tag 1"))));
    test.add(train.getFirst());
    Map<String, Object> protocol =
        evaluate(SplitTable.of(train, test).trainedOn("b0", "b1", "other"), Map.of("epochs", 1))
            .protocol();
    assertThat(protocol)
        .containsEntry("images", 51)
        .containsEntry("imagesWithoutTags", 2)
        .containsEntry("datasetSamples", 54)
        .containsEntry("trainingImages", 100)
        .containsEntry("vocabulary", TAGS)
        .containsEntry("trainingOverlap", 2)
        .containsEntry("networkTrainingOverlap", 1)
        .doesNotContainKey("paper");
  }

  @Test
  void onlyTheMostFrequentTagsAreKept() {
    assertThat(
            evaluate(table(100, 1), Map.of("vocabulary", 10, "width", 4, "epochs", 1)).protocol())
        .containsEntry("vocabulary", 10)
        .containsEntry("tagVectorWidth", 4);
  }

  @Test
  void withoutTagsItSaysSo() {
    List<Row> bare = List.of(new Row("a", new float[] {1}, Map.of()));
    SplitTable none = SplitTable.of(bare, bare);
    assertThat(create(Map.of()).evaluate(none)).isEmpty();
    assertThat(none.notes)
        .containsExactly("tagging needs two tags at least but split train has 0 under tags");

    List<Row> others =
        List.of(new Row("b", new float[] {1}, Map.of("tags", Cell.Strings.of("nobody's"))));
    List<Row> two =
        List.of(new Row("a", new float[] {1}, Map.of("tags", Cell.Strings.of("x", "y"))));
    SplitTable foreign = SplitTable.of(two, others);
    assertThat(create(Map.of()).evaluate(foreign)).isEmpty();
    assertThat(foreign.notes)
        .containsExactly(
            "tagging needs samples with tags but no sample of split test has one of the 2 of split"
                + " train");
  }

  @Test
  void aSampleWithoutBothSidesTeachesNothing() {
    List<Row> apart =
        List.of(
            new Row("a", new float[] {1}, Map.of()),
            new Row("b", new float[0], Map.of("tags", Cell.Strings.of("x", "y"))));
    SplitTable table = SplitTable.of(apart, apart);
    assertThat(create(Map.of()).evaluate(table)).isEmpty();
    assertThat(table.notes)
        .containsExactly("tagging needs samples with both image and tags but split train has none");
  }

  @Test
  void itReadsTheColumnOfTagsAndNamesWhatDoesNotFit() {
    assertThat(create(Map.of("tags", "keywords")).columns())
        .isEqualTo(Map.of("keywords", new Columns(List.of("keywords"), Columns.Kind.LIST)));
    assertThatThrownBy(() -> create(Map.of("modality", "sound")).check(Map.of("image", Set.of())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "modality of the tagging must be a modality with an encoder (image) but was 'sound'");
    assertThatThrownBy(() -> create(Map.of()).check(Map.of("tags", Set.of())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "the tagging needs a modality with an encoder besides tags but there is none"
                + " (modality)");
    assertThatThrownBy(() -> evaluate(table(20, 1), Map.of("train", "dev")))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("there is no split 'dev'");
  }

  @Test
  void tagsThatAreNoStringsAreNamedWithTheirSample() {
    Cell numbers = new Cell.Numbers(new float[1], 1);
    List<Row> rows = List.of(new Row("a", new float[] {1}, Map.of("tags", numbers)));
    assertThatThrownBy(() -> create(Map.of()).evaluate(SplitTable.of(rows, rows)))
        .isInstanceOf(MmctException.class)
        .hasMessage("tags must be strings but tags of sample a is Numbers");
  }

  private static double level(String kind, Evaluation evaluation, String figure) {
    return (Double) ((Map<?, ?>) evaluation.protocol().get(kind)).get(figure);
  }

  private static Evaluation evaluate(SplitTable table, Map<String, Object> changes) {
    return create(changes).evaluate(table).orElseThrow();
  }

  private static Evaluator create(Map<String, Object> changes) {
    Map<String, Object> settings = new HashMap<>(SMALL);
    settings.putAll(changes);
    return new TaggingProvider().create(Settings.of(settings).bind(TaggingOptions.class));
  }

  private static SplitTable table(int samples, double shown) {
    return SplitTable.of(
        rows(samples, shown, "a", new Random(1)), rows(samples / 2, shown, "b", new Random(2)));
  }

  /// Samples whose features are noise and, where they show the tags, the tags.
  private static List<Row> rows(int samples, double shown, String prefix, Random random) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      float[] feature = new float[TAGS];
      List<String> tags = new ArrayList<>();
      int topic = random.nextInt(TAGS);
      for (int tag = 0; tag < TAGS; tag++) {
        int distance = Math.floorMod(tag - topic, TAGS);
        boolean has = tag == topic || (distance < 6 && random.nextInt(2) == 0);
        feature[tag] = (float) ((has ? shown : 0) + 0.1 * random.nextGaussian());
        if (has) {
          tags.add("tag " + tag);
        }
      }
      rows.add(new Row(prefix + i, feature, Map.of("tags", new Cell.Strings(tags))));
    }
    return rows;
  }
}
