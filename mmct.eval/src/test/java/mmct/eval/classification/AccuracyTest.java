package mmct.eval.classification;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Ranks of classes and what they come to.
class AccuracyTest {

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
