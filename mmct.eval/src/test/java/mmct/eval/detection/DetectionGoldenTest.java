package mmct.eval.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mmct.eval.DetectionScore;
import mmct.eval.DetectionScore.Kind;
import mmct.eval.DetectionScore.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// COCO's own example detections and what COCO's own tool prints of them.
class DetectionGoldenTest {
  private static final List<String> NAMES =
      List.of(
          "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl");

  private final Path folder = Path.of(System.getProperty("mmct.shared", ""), "data", "cocoapi");

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theTwelveNumbersAreThoseOfCocosOwnTool(Kind kind) throws IOException {
    assumeTrue(Files.isDirectory(folder), "there is no " + folder);
    String word = kind == Kind.BBOX ? "bbox" : "segm";
    Map<String, Double> figures =
        DetectionScore.of(
                folder.resolve("instances_val2014_100.json"),
                folder.resolve("instances_val2014_fake" + word + "100_results.json"),
                kind,
                Protocol.COCO)
            .figures();
    assertThat(figures.keySet()).containsExactlyElementsOf(NAMES);
    List<Double> expected = expected(word);
    assertThat(expected).hasSize(12);
    for (int i = 0; i < 12; i++) {
      // The file has three decimals.
      assertThat(figures.get(NAMES.get(i)))
          .as(NAMES.get(i))
          .isCloseTo(expected.get(i), within(0.0005 + 1e-9));
    }
  }

  @Test
  void vocsRulesGiveTheFirstThresholdsNoMoreThanCocosCrowdsAndCutoffsExplain() {
    assumeTrue(Files.isDirectory(folder), "there is no " + folder);
    Map<String, Double> voc =
        DetectionScore.of(
                folder.resolve("instances_val2014_100.json"),
                folder.resolve("instances_val2014_fakebbox100_results.json"),
                Kind.BBOX,
                Protocol.VOC)
            .figures();
    // COCO reads AP50 0.697 of the same boxes at 101 recalls.
    assertThat(voc.get("area.AP50")).isBetween(66.0, 72.0);
    assertThat(voc.get("eleven-point.AP50")).isBetween(66.0, 74.0);
    assertThat(voc.get("area.AP50")).isGreaterThan(voc.get("area.AP75"));
  }

  /// The numbers of the block that begins with `type=WORD`.
  private List<Double> expected(String word) throws IOException {
    String text = Files.readString(folder.resolve("val2014_fake_eval_res.txt"));
    String block = text.substring(text.indexOf("type=" + word));
    Matcher number = Pattern.compile("= (\\d\\.\\d{3})").matcher(block);
    List<Double> numbers = new ArrayList<>();
    while (numbers.size() < 12 && number.find()) {
      numbers.add(Double.valueOf(number.group(1)));
    }
    return numbers;
  }
}
