package mmct.eval.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mmct.api.MmctException;
import mmct.eval.DetectionScore;
import mmct.eval.DetectionScore.Kind;
import mmct.eval.DetectionScore.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scores of a few boxes that can be worked out by hand, and files that are wrong.
class DetectionScoreTest {
  private static final String IMAGES =
      "\"images\": [{\"id\": 1, \"height\": 50, \"width\": 60}, {\"id\": 2, \"height\": 50,"
          + " \"width\": 60}], \"categories\": [{\"id\": 7, \"name\": \"cat\"}]";

  @TempDir private Path folder;

  @Test
  void aPerfectDetectorIsPerfectByBothRules() throws IOException {
    Path truth = truth(object(1, "[10, 10, 20, 20]", ""), object(2, "[0, 0, 40, 40]", ""));
    Path found = found(detection(1, "[10, 10, 20, 20]", 0.9), detection(2, "[0, 0, 40, 40]", 0.8));
    Map<String, Double> coco = score(truth, found, Protocol.COCO);
    assertThat(coco.get("AP")).isCloseTo(1, within(1e-12));
    assertThat(coco.get("AR1")).isEqualTo(1);
    assertThat(coco).containsKeys("APs", "APm").doesNotContainKeys("APl", "ARl");
    assertThat(score(truth, found, Protocol.VOC).values()).allMatch(v -> Math.abs(v - 100) < 1e-9);
  }

  @Test
  void aFalseBoxBeforeTheTrueOneHalvesThePrecision() throws IOException {
    Path truth = truth(object(1, "[10, 10, 20, 20]", ""));
    Path found = found(detection(1, "[40, 30, 5, 5]", 0.9), detection(1, "[10, 10, 20, 20]", 0.8));
    assertThat(score(truth, found, Protocol.COCO).get("AP50")).isCloseTo(0.5, within(1e-12));
    assertThat(score(truth, found, Protocol.VOC))
        .containsEntry("area.AP50", 50.0)
        .hasEntrySatisfying("eleven-point.AP50", it -> assertThat(it).isCloseTo(50, within(1e-9)));
  }

  @Test
  void anOverlapCountsUpToItsThreshold() throws IOException {
    // 20 x 16 of 20 x 20 is an overlap of 0.8.
    Path truth = truth(object(1, "[10, 10, 20, 20]", ""));
    Path found = found(detection(1, "[10, 10, 20, 16]", 0.9));
    Map<String, Double> coco = score(truth, found, Protocol.COCO);
    assertThat(coco.get("AP")).isCloseTo(0.7, within(1e-12));
    assertThat(coco.get("AP75")).isCloseTo(1, within(1e-12));
    // VOC wants more than the threshold: 0.8 is not above 0.8.
    assertThat(score(truth, found, Protocol.VOC).get("area.AP")).isCloseTo(60, within(1e-9));
  }

  @Test
  void aSecondBoxOnOneObjectIsWrong() throws IOException {
    Path truth = truth(object(1, "[10, 10, 20, 20]", ""), object(2, "[10, 10, 20, 20]", ""));
    Path found =
        found(
            detection(1, "[10, 10, 20, 20]", 0.9),
            detection(1, "[10, 10, 20, 20]", 0.8),
            detection(2, "[10, 10, 20, 20]", 0.7));
    // Right, wrong, right: precision 1 up to recall 1/2, then 2/3.
    assertThat(score(truth, found, Protocol.VOC).get("area.AP50"))
        .isCloseTo(100 * (1 + 2.0 / 3) / 2, within(1e-9));
    assertThat(score(truth, found, Protocol.COCO).get("AP50"))
        .isCloseTo((51 + 50 * 2.0 / 3) / 101, within(1e-9));
  }

  @Test
  void crowdsAndDifficultObjectsCountNeitherForNorAgainst() throws IOException {
    Path truth =
        truth(
            object(1, "[10, 10, 20, 20]", ""),
            object(2, "[0, 0, 40, 40]", ", \"iscrowd\": 1"),
            object(2, "[45, 45, 5, 5]", ", \"difficult\": true, \"iscrowd\": 1"));
    Path found =
        found(
            detection(2, "[5, 5, 10, 10]", 0.95),
            detection(2, "[15, 15, 10, 10]", 0.94),
            detection(1, "[10, 10, 20, 20]", 0.9));
    assertThat(score(truth, found, Protocol.COCO).get("AP50")).isCloseTo(1, within(1e-12));
    Path nearly =
        found(detection(2, "[0, 0, 40, 40]", 0.95), detection(1, "[10, 10, 20, 20]", 0.9));
    assertThat(score(truth, nearly, Protocol.VOC)).containsEntry("area.AP50", 100.0);
  }

  /// The sign of zero is no difference of scores: the image's id and then the file decide.
  @Test
  void theTwoZerosTie() throws IOException {
    Path truth = truth(object(1, "[10, 10, 20, 20]", ""));
    String right = "[10, 10, 20, 20]";
    String wrong = "[40, 30, 5, 5]";
    for (String[] zeros : new String[][] {{"0.0", "-0.0"}, {"-0.0", "0.0"}, {"0", "-0.0"}}) {
      // Within an image the first in the file is the first; it is right.
      Path first = found(zero(1, right, zeros[0]), zero(1, wrong, zeros[1]));
      assertThat(score(truth, first, Protocol.COCO).get("AP50")).isCloseTo(1, within(1e-12));
      assertThat(score(truth, first, Protocol.VOC)).containsEntry("area.AP50", 100.0);
      // Of two images the lower id is the first, wherever it stands in the file.
      Path images = found(zero(2, wrong, zeros[0]), zero(1, right, zeros[1]));
      assertThat(score(truth, images, Protocol.COCO).get("AP50")).isCloseTo(1, within(1e-12));
      assertThat(score(truth, images, Protocol.VOC)).containsEntry("area.AP50", 100.0);
    }
  }

  private static String zero(int image, String box, String score) {
    return "{\"image_id\": %d, \"category_id\": 7, \"bbox\": %s, \"score\": %s}"
        .formatted(image, box, score);
  }

  @Test
  void withoutAnObjectThatCountsThereAreNoFigures() throws IOException {
    Path truth = truth(object(1, "[10, 10, 20, 20]", ", \"iscrowd\": 1"));
    Path found = found(detection(1, "[10, 10, 20, 20]", 0.9));
    assertThat(score(truth, found, Protocol.COCO)).isEmpty();
    assertThat(score(truth, found, Protocol.VOC)).isEmpty();
    Path difficult = truth(object(1, "[10, 10, 20, 20]", ", \"difficult\": true"));
    assertThat(score(difficult, found, Protocol.VOC)).isEmpty();
  }

  @Test
  void withoutDetectionsAllIsNothing() throws IOException {
    Path truth = truth(object(1, "[10, 10, 20, 20]", ""));
    assertThat(score(truth, found(), Protocol.COCO))
        .containsEntry("AP", 0.0)
        .containsEntry("AR100", 0.0);
    assertThat(score(truth, found(), Protocol.VOC)).containsEntry("area.AP50", 0.0);
  }

  @Test
  void masksOfAllThreeFormsAreTheSameMask() throws IOException {
    Path truth =
        write(
            "truth.json",
            "{%s, \"annotations\": [{\"image_id\": 1, \"category_id\": 7, \"area\": 4,"
                    .formatted(IMAGES)
                + " \"segmentation\": [[0, 0, 2, 0, 2, 2, 0, 2]]}]}");
    String head = "[{\"image_id\": 1, \"category_id\": 7, \"score\": 1, \"segmentation\": ";
    String runs = head + "{\"size\": [50, 60], \"counts\": [0, 2, 48, 2, 2948]}}]";
    String polygon = head + "[[0, 0, 2, 0, 2, 2, 0, 2]]}]";
    for (String found : new String[] {runs, polygon}) {
      assertThat(
              DetectionScore.of(truth, write("found.json", found), Kind.SEGM, Protocol.COCO)
                  .figures()
                  .get("AP"))
          .isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void whatIsWrongIsSaidInOneSentenceWithItsPlace() throws IOException {
    Path truth = truth(object(1, "[10, 10, 20, 20]", ""));
    refused(truth, "[{\"image_id\": 9, \"category_id\": 7, \"score\": 1, \"bbox\": [1,2,3,4]}]")
        .endsWith("found.json, detection 0: image_id 9 is not in " + truth);
    refused(truth, "[{\"image_id\": 1, \"category_id\": 8, \"score\": 1, \"bbox\": [1,2,3,4]}]")
        .contains("category_id 8 is not in");
    refused(truth, "[{\"image_id\": 1, \"category_id\": 7, \"bbox\": [1,2,3,4]}]")
        .endsWith("found.json, detection 0 has no score");
    refused(truth, "[{\"image_id\": 1, \"category_id\": 7, \"score\": 1, \"bbox\": [1,2,3]}]")
        .endsWith("bbox must be x, y, width and height, none below 0 but is [1,2,3]");
    refused(truth, "[{\"image_id\": 1, \"category_id\": 7, \"score\": \"x\", \"bbox\": [1,2,3,4]}]")
        .endsWith("score must be a number but is \"x\"");
    refused(truth, "[{\"image_id\": 1.5}]").endsWith("image_id must be a whole number but is 1.5");
    refused(truth, "[3]").endsWith("detection 0 must be an object but is 3");
    refused(truth, "{}").endsWith("found.json must hold a list of detections");
    refused(truth, "[{\"image_id\": 1,").contains("found.json is not JSON").contains("(line 1)");
    refused(truth, "[] []").endsWith("goes on after its end");
    refused(truth, "[".repeat(5000)).contains("found.json");
    assertThatThrownBy(() -> score(folder.resolve("none.json"), truth, Protocol.COCO))
        .isInstanceOf(MmctException.class)
        .hasMessage("there is no file " + folder.resolve("none.json"));
    Path empty = write("empty.json", "{\"images\": []}");
    assertThatThrownBy(() -> score(empty, truth, Protocol.COCO))
        .isInstanceOf(MmctException.class)
        .hasMessage(empty + " has no images");
  }

  @Test
  void malformedMasksAreSaidInOneSentenceWithTheirPlace() throws IOException {
    Path truth = truth(object(1, "[10, 10, 20, 20]", ", \"segmentation\": [[0, 0, 2, 0, 2, 2]]"));
    String head = "[{\"image_id\": 1, \"category_id\": 7, \"score\": 1, \"segmentation\": ";
    String place = "found.json, detection 0";
    maskRefused(truth, head + "{\"size\": [50, 60], \"counts\": \"12\"}}]")
        .contains(place + ": segmentation is no mask: the runs of a mask must fill 50 x 60 pixels");
    maskRefused(truth, head + "{\"size\": [60, 50], \"counts\": \"12\"}}]")
        .contains("size must be that of the image, [50, 60] but is [60,50]");
    maskRefused(truth, head + "{\"size\": [50, 60], \"counts\": [1.5]}}]")
        .contains("counts must be whole numbers but is 1.5");
    maskRefused(truth, head + "[]}]").contains("segmentation must be one polygon at least");
    maskRefused(truth, head + "[[1, 2]]}]").contains("three corners at least but has 2 numbers");
    assertThatThrownBy(() -> DetectionScore.of(truth, found(), Kind.SEGM, Protocol.VOC))
        .isInstanceOf(MmctException.class)
        .hasMessage("the protocol voc scores boxes (bbox) but the kind was segm");
  }

  private org.assertj.core.api.AbstractStringAssert<?> refused(Path truth, String found)
      throws IOException {
    return message(truth, found, Kind.BBOX);
  }

  private org.assertj.core.api.AbstractStringAssert<?> maskRefused(Path truth, String found)
      throws IOException {
    return message(truth, found, Kind.SEGM);
  }

  private org.assertj.core.api.AbstractStringAssert<?> message(Path truth, String found, Kind kind)
      throws IOException {
    Path file = write("found.json", found);
    try {
      DetectionScore.of(truth, file, kind, Protocol.COCO);
      return assertThat("nothing was refused");
    } catch (MmctException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
      return assertThat(e.getMessage());
    }
  }

  private static Map<String, Double> score(Path truth, Path found, Protocol protocol) {
    return DetectionScore.of(truth, found, Kind.BBOX, protocol).figures();
  }

  private Path truth(String... objects) throws IOException {
    return write(
        "truth.json",
        "{\"info\": {\"a\": [1]}, \"annotations\": [%s], %s}"
            .formatted(String.join(",", objects), IMAGES));
  }

  private Path found(String... detections) throws IOException {
    return write("found.json", "[" + String.join(",", detections) + "]");
  }

  private static String object(int image, String box, String further) {
    return "{\"image_id\": %d, \"category_id\": 7, \"bbox\": %s%s}".formatted(image, box, further);
  }

  private static String detection(int image, String box, double score) {
    return "{\"image_id\": %d, \"category_id\": 7, \"bbox\": %s, \"score\": %s}"
        .formatted(image, box, score);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
