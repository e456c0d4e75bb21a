package mmct.eval.classification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Ranks of classes and what they come to.
class AccuracyTest {
  private static LabelledItems items(int... classes) {
    return new LabelledItems(new float[classes.length], 1, classes, classes);
  }

  private static Map<String, Double> byFrequency(LabelledItems train, LabelledItems test) {
    return Accuracy.byFrequency(
        new ClassificationTask(List.of("a", "b", "c"), train, test, Map.of()));
  }

  /// Nine of ten items are of one class: who always says it is right nine times.
  @Test
  void whoAlwaysSaysTheMostFrequentClassIsToldWhereThatIsMoreThanChance() {
    LabelledItems uneven = items(0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2);
    Map<String, Double> figures = byFrequency(uneven, items(1, 1, 1, 1, 1, 1, 1, 1, 1, 0));
    assertThat(figures).containsEntry("top1", 90.0).containsEntry("perClass", 50.0);
    assertThat(byFrequency(uneven, items(0, 0, 2))).as("no more than chance").isEmpty();
    assertThat(byFrequency(items(0, 1, 2, 0, 1, 2), items(0, 1, 2))).as("even").isEmpty();
  }

  @Test
  void aClassThatScoresAsHighCountsAgainst() {
    float[] scores = {9, 9, 3, 1, 3, 2};
    assertThat(Accuracy.rank(scores, 2, 4, 0)).isEqualTo(1);
    assertThat(Accuracy.rank(scores, 2, 4, 2)).isEqualTo(1);
    assertThat(Accuracy.rank(scores, 2, 4, 3)).isEqualTo(2);
    assertThat(Accuracy.rank(new float[5], 0, 5, 0)).isEqualTo(4);
  }

  @Test
  void aScoreThatIsNotANumberIsNeverRight() {
    assertThat(Accuracy.rank(new float[] {Float.NaN, 1, 2}, 0, 3, 0)).isEqualTo(2);
    assertThat(Accuracy.rank(new float[] {Float.NaN, 1, 2}, 0, 3, 2)).isEqualTo(1);
  }

  @Test
  void rareClassesCountAsMuchAsFrequentOnesPerClass() {
    int[] own = {0, 0, 0, 0, 1, 6};
    Accuracy accuracy = new Accuracy(new int[] {0, 0, 0, 4, 5, 0}, own, 7);
    assertThat(accuracy.figures())
        .containsEntry("top1", 100.0 * 4 / 6)
        .containsEntry("top5", 100.0 * 5 / 6)
        .containsEntry("perClass", (75.0 + 0 + 100) / 3);
    assertThat(accuracy.perClass()[3]).isNaN();
  }

  @Test
  void theFirstFiveOfFiveAreNoFigure() {
    assertThat(new Accuracy(new int[] {0}, new int[] {0}, 5).figures()).doesNotContainKey("top5");
    assertThat(Accuracy.chance(5)).doesNotContainKey("top5").containsEntry("top1", 20.0);
    assertThat(Accuracy.chance(8)).containsEntry("top5", 62.5);
  }
}
