package mmct.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.Random;
import mmct.api.spi.Evaluation;
import mmct.eval.paper.PaperNumbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where the paper's numbers are shown, and where not.
class PaperNumbersTest {

  @Test
  void fiveFoldsOfAThousandImagesWithFiveCaptionsHaveThePapersBesideThem() {
    Random random = new Random(1);
    FeatureTable table = FeatureTable.imagesAndCaptions();
    for (int i = 0; i < 5000; i++) {
      table.sample("s" + i, rows(1, random), rows(5, random));
    }
    Evaluation evaluation = evaluate(table, 5, 1000);
    assertThat(EvaluationTable.lines(evaluation))
        .anyMatch(line -> line.matches(" {2}paper: multimodal +24\\.10 +- +66\\.0 +5\\.0 +-"))
        .anyMatch(line -> line.matches(" {2}paper: multimodal +18\\.60 +- +58\\.4 +7\\.0 +-"))
        .anyMatch(line -> line.matches(" {2}paper: inter-modal +9\\.50 +- +36\\.7 +16\\.0 +-"))
        .last()
        .asString()
        .startsWith("paper: its Table 7, zero-shot on 1,000 of COCO's test images; other data");
    assertThat(evaluate(table, 0, 1000).protocol()).doesNotContainKey("paper");
    assertThat(evaluate(table, 4, 1000).protocol()).doesNotContainKey("paper");
  }

  @Test
  void otherNumbersOfCaptionsAreAnotherProtocol() {
    Random random = new Random(2);
    FeatureTable table = FeatureTable.imagesAndCaptions();
    for (int i = 0; i < 5000; i++) {
      table.sample("s" + i, rows(1, random), rows(1, random));
    }
    assertThat(evaluate(table, 5, 1000).protocol()).doesNotContainKey("paper");
  }

  private static float[][] rows(int count, Random random) {
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = FeatureTable.item(random.nextGaussian(), random.nextGaussian());
    }
    return rows;
  }

  private static Evaluation evaluate(FeatureTable table, int folds, int foldSize) {
    return new RetrievalProvider()
        .create(
            new RetrievalOptions(
                Optional.empty(), Optional.empty(), Optional.empty(), folds, foldSize))
        .evaluate(table)
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"1000, 50000, true", "1000, 10000, false", "10, 50000, false"})
  void imageNetIsKnownByItsCounts(int classes, int images, boolean shown) {
    assertThat(PaperNumbers.ofProbe(classes, images).isPresent()).isEqualTo(shown);
  }

  @Test
  void aProbeOfImageNetShowsThePapersTopOne() {
    Evaluation evaluation =
        new Evaluation(
            Map.of("top1", 50.0),
            Map.of("paper", PaperNumbers.ofProbe(1000, 50_000).orElseThrow().protocol()));
    assertThat(String.join("\n", EvaluationTable.lines(evaluation)))
        .isEqualTo(
            """
                                     top1
                                     50.0
              paper: MoCo            44.5
              paper: MoCo-v2         49.3
              paper: VirTex          52.8
              paper: ours            54.9
              paper: ours, scratch   54.6
              paper: ours, with tag  55.3
            paper: its Table 1, ResNet-50 trained on COCO, judged on ImageNet-1K\
            """);
  }
}
