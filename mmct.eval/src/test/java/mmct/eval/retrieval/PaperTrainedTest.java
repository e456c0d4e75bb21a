package mmct.eval.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mmct.api.config.Settings;
import mmct.eval.SentenceTrainingOptions;
import org.junit.jupiter.api.Test;

/// The paper's figures stand beside ours only where the protocol is the same.
class PaperTrainedTest {
  private static final Pair PAIR = new Pair("image", "caption", "");

  @Test
  void aThousandImagesOfFiveSentencesAreTableFour() {
    assertThat(PaperTrained.figures(SentenceTrainingOptions.byDefault(), PAIR, items(1000, 5)))
        .hasValueSatisfying(
            paper ->
                assertThat(paper)
                    .containsEntry("table", "Table 4")
                    .extractingByKey("figures")
                    .asString()
                    .contains("image-to-caption.R@1=58.4", "caption-to-image.medianRank=2.0"));
  }

  @Test
  void tenThousandImagesOfOneSentenceAreTableSix() {
    assertThat(PaperTrained.figures(SentenceTrainingOptions.byDefault(), PAIR, items(10_000, 1)))
        .hasValueSatisfying(
            paper ->
                assertThat(paper).asString().contains("Table 6", "caption-to-image.R@10=70.76"));
  }

  @Test
  void otherCountsAndOtherTrainingHaveNone() {
    SentenceTrainingOptions shorter =
        Settings.of(Map.of("epochs", 2)).bind(SentenceTrainingOptions.class);
    assertThat(PaperTrained.figures(shorter, PAIR, items(1000, 5))).isEmpty();
    assertThat(PaperTrained.figures(SentenceTrainingOptions.byDefault(), PAIR, items(1000, 4)))
        .isEmpty();
    SentenceTrainingOptions seeds =
        Settings.of(Map.of("seeds", 3)).bind(SentenceTrainingOptions.class);
    assertThat(PaperTrained.figures(seeds, PAIR, items(1000, 5))).isPresent();
  }

  private static Matched items(int images, int sentences) {
    List<String> ids = IntStream.range(0, images).mapToObj(String::valueOf).toList();
    return new Matched(ids, each(images, 1), each(images, sentences));
  }

  private static Items each(int instances, int perInstance) {
    int[] starts = new int[instances + 1];
    Arrays.setAll(starts, i -> i * perInstance);
    return new Items(new float[0], 0, new int[instances * perInstance], starts);
  }
}
