package mmct.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Evaluator;
import mmct.eval.SplitTable.Row;
import org.junit.jupiter.api.Test;

/// What a retrieval that trains reports of features that are written down.
class TrainedRetrievalTest {
  private static final int ATTRIBUTES = 20;

  @Test
  void whatFeaturesShowOfSentencesIsLearnedAndWhatTheyDoNotShowIsNot() {
    Evaluation shown = evaluate(table(300, true), Map.of());
    Evaluation hidden = evaluate(table(300, false), Map.of());
    assertThat(shown.figures().get("image-to-caption.R@10")).isGreaterThan(90);
    assertThat(shown.figures().get("caption-to-image.R@10")).isGreaterThan(90);
    assertThat(hidden.figures().get("image-to-caption.R@10")).isLessThan(30);
    assertThat(hidden.figures().get("caption-to-image.R@10")).isLessThan(30);
  }

  @Test
  void theProtocolSaysThatItIsTrainedAndOnWhat() {
    Map<String, Object> protocol =
        evaluate(table(60, true).trainedOn("b1", "x"), Map.of("epochs", 3)).protocol();
    assertThat(protocol)
        .containsEntry(
            "method", "trained on frozen image features (paper, Tables 4 and 6), not zero-shot")
        .containsEntry("sentence", Map.of("type", "words", "width", 12L))
        .containsEntry("width", 12)
        .containsEntry("featureWidth", ATTRIBUTES)
        .containsEntry("trainingSamples", 60)
        .containsEntry("trainingPairs", 120)
        .containsEntry("samples", 100)
        .containsEntry("items", Map.of("image", 100, "caption", 200))
        .containsEntry("trainingOverlap", 1)
        .containsEntry("sentenceTrainingOverlap", 0)
        .doesNotContainKeys("space", "paper", "warning");
    assertThat((List<?>) ((List<?>) protocol.get("lossByEpoch")).getFirst()).hasSize(3);
  }

  @Test
  void theSameSeedGivesTheSameFiguresAndAnotherSeedOthers() {
    Map<String, Double> figures = evaluate(table(60, true), Map.of("epochs", 2)).figures();
    assertThat(evaluate(table(60, true), Map.of("epochs", 2)).figures()).isEqualTo(figures);
    assertThat(evaluate(table(60, true), Map.of("epochs", 2, "seed", 2)).figures())
        .isNotEqualTo(figures);
  }

  @Test
  void severalSeedsGiveMeanAndDeviation() {
    Map<String, Double> both = evaluate(table(60, true), Map.of("epochs", 1, "seeds", 2)).figures();
    double one =
        evaluate(table(60, true), Map.of("epochs", 1)).figures().get("image-to-caption.meanRank");
    assertThat(Math.abs(one - both.get("image-to-caption.meanRank")) * Math.sqrt(2))
        .isCloseTo(both.get("deviation.image-to-caption.meanRank"), within(1e-9));
  }

  @Test
  void featuresThatAreAllOneAreStuckAndItSaysSo() {
    List<Row> train = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      train.add(new Row("a" + i, new float[] {1}, Map.of("caption", Cell.Strings.of("w1 w2"))));
    }
    Evaluation evaluation = evaluate(SplitTable.of(train, train), Map.of("epochs", 2));
    assertThat(evaluation.protocol())
        .containsEntry(
            "warning",
            "the hinge of the hardest other ended at 0.4000, near twice the margin, 0.4000, which it"
                + " has where all features are one: let all others count for more epochs"
                + " (training.sumEpochs)")
        .containsEntry("sentenceTrainingOverlap", 40);
    assertThat(evaluation.figures()).containsEntry("image-to-caption.R@1", 0.0);
  }

  @Test
  void foldsAreThoseOfTheZeroShotRetrieval() {
    Map<String, Object> settings = Map.of("folds", 4, "foldSize", 25);
    Evaluation evaluation = evaluate(table(60, true), Map.of("epochs", 1), settings);
    assertThat(evaluation.protocol()).containsEntry("folds", 4).containsEntry("samples", 100);
  }

  @Test
  void itReadsSentencesOfAColumnWhereTheRunHasNone() {
    assertThat(create(Map.of(), Map.of("key", "title")).columns())
        .isEqualTo(Map.of("title", new Columns(List.of("title", "title_*"), Columns.Kind.STRINGS)));
  }

  @Test
  void whatIsMissingIsSaidInOneSentence() {
    List<Row> bare = List.of(new Row("a", new float[] {1}, Map.of()));
    SplitTable none = SplitTable.of(bare, bare);
    assertThat(create(Map.of(), Map.of()).evaluate(none)).isEmpty();
    assertThat(none.notes)
        .containsExactly(
            "a retrieval that trains needs samples with caption but split train has none");

    Map<String, Cell> cells = Map.of("caption", Cell.Strings.of("w1"));
    SplitTable one = SplitTable.of(List.of(new Row("a", new float[] {1}, cells)), bare);
    assertThat(create(Map.of(), Map.of()).evaluate(one)).isEmpty();
    assertThat(one.notes)
        .containsExactly(
            "a retrieval that trains needs two samples with both image and caption but split train"
                + " has 1");

    SplitTable few = table(20, true);
    assertThat(create(Map.of(), Map.of("folds", 5)).evaluate(few)).isEmpty();
    assertThat(few.notes)
        .containsExactly(
            "retrieval in 5 folds of 1000 needs 5000 samples with both image and caption but there"
                + " are 100");

    assertThatThrownBy(
            () -> evaluate(table(20, true), Map.of("sentence", Map.of("type", "speech"))))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith("there is no modality 'speech'");
    Map<String, Object> silent = Map.of("sentence", Map.of("type", "words", "encoder", false));
    assertThatThrownBy(() -> evaluate(table(20, true), silent))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith("a retrieval that trains needs a sentence encoder but words has");
  }

  private static Evaluation evaluate(SplitTable table, Map<String, Object> training) {
    return evaluate(table, training, Map.of());
  }

  private static Evaluation evaluate(
      SplitTable table, Map<String, Object> training, Map<String, Object> settings) {
    return create(training, settings).evaluate(table).orElseThrow();
  }

  private static Evaluator create(Map<String, Object> training, Map<String, Object> settings) {
    Map<String, Object> trained = new HashMap<>();
    trained.put("sentence", Map.of("type", "words", "width", 12));
    trained.put("lr", 1e-2);
    trained.put("batch", 32);
    trained.put("epochs", 12);
    trained.putAll(training);
    Map<String, Object> all = new HashMap<>(settings);
    all.put("train", true);
    all.put("training", trained);
    return new RetrievalProvider().create(Settings.of(all).bind(RetrievalOptions.class));
  }

  /// Samples of four attributes each, two sentences that name them in words, and features that show
  /// them or are noise.
  private static SplitTable table(int train, boolean shown) {
    Random random = new Random(4);
    return SplitTable.of(rows(train, shown, "a", random), rows(100, shown, "b", random));
  }

  private static List<Row> rows(int samples, boolean shown, String prefix, Random random) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      int[] attributes = random.ints(0, ATTRIBUTES).distinct().limit(4).toArray();
      float[] feature = new float[ATTRIBUTES];
      for (int k = 0; k < ATTRIBUTES; k++) {
        feature[k] = (float) (0.1 * random.nextGaussian());
      }
      if (shown) {
        IntStream.of(attributes).forEach(k -> feature[k]++);
      }
      String[] sentences =
          IntStream.range(0, 2)
              .mapToObj(
                  which ->
                      String.join(
                          " ",
                          IntStream.of(attributes)
                              .mapToObj(k -> "w" + (k + which * ATTRIBUTES))
                              .toList()))
              .toArray(String[]::new);
      rows.add(new Row(prefix + i, feature, Map.of("caption", Cell.Strings.of(sentences))));
    }
    return rows;
  }
}
