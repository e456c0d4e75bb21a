package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import mmct.cli.terminal.Terminal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `mmct score` as it is typed.
class ScoreTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter error = new StringWriter();
  private String truth = "";

  @BeforeEach
  void writeTruth() throws IOException {
    truth =
        write(
            "truth.json",
            """
            {"images": [{"id": 1}], "categories": [{"id": 7, "name": "cat"}],
             "annotations": [{"image_id": 1, "category_id": 7, "bbox": [10, 10, 20, 20]}]}
            """);
  }

  @Test
  void theTableIsShownAndTheFiguresAreWritten() throws IOException {
    String found = found("[10, 10, 20, 16]");
    Path file = folder.resolve("score.json");
    assertThat(mmct("score", "--truth", truth, "--detections", found, "--out", file.toString()))
        .isZero();
    assertThat(out.toString()).contains("AP50", "AR100", "0.7000", "written to " + file);
    assertThat(Files.readString(file))
        .contains("\"AR10\" : 0.7", "\"rules\" : \"coco\"", "\"detections\" : 1", found);
  }

  @Test
  void aTruthOfCrowdsAloneGivesNoFigureAndIsTold() throws IOException {
    String crowd =
        write(
            "crowd.json",
            """
            {"images": [{"id": 1}], "categories": [{"id": 7, "name": "cat"}],
             "annotations": [{"image_id": 1, "category_id": 7, "bbox": [1, 1, 9, 9], "iscrowd": 1}]}
            """);
    String found = found("[1, 1, 9, 9]");
    for (String rules : new String[] {"coco", "voc"}) {
      assertThat(mmct("score", "--truth", crowd, "--detections", found, "--protocol", rules))
          .isZero();
    }
    assertThat(out.toString()).doesNotContain("AP", "0.0").contains("no figures: " + crowd);
  }

  @Test
  void theRulesOfVocAreAChoice() throws IOException {
    String found = found("[10, 10, 20, 16]");
    assertThat(mmct("score", "--truth", truth, "--detections", found, "--protocol", "voc"))
        .isZero();
    assertThat(out.toString()).contains("eleven-point", "area", "60.0");
  }

  @Test
  void aMistakeInAFileIsOneSentenceAndNothingIsWritten() throws IOException {
    Path file = folder.resolve("score.json");
    String found = write("found.json", "[{\"image_id\": 2, \"category_id\": 7, \"score\": 1}]");
    assertThat(mmct("score", "--truth", truth, "--detections", found, "--out", file.toString()))
        .isEqualTo(1);
    assertThat(error.toString())
        .isEqualToIgnoringNewLines(
            "mmct: %s, detection 0: image_id 2 is not in %s".formatted(found, truth));
    assertThat(file).doesNotExist();
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anUnknownKindIsWrongUsage() {
    assertThat(mmct("score", "--truth", truth, "--detections", truth, "--kind", "points"))
        .isEqualTo(2);
    assertThat(error.toString()).contains("[bbox, segm]").hasLineCount(1);
  }

  private String found(String box) throws IOException {
    return write(
        "found.json",
        "[{\"image_id\": 1, \"category_id\": 7, \"score\": 0.5, \"bbox\": %s}]".formatted(box));
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private int mmct(String... arguments) {
    return Main.run(
        new Terminal(new PrintWriter(out, true), new PrintWriter(error, true), 0), arguments);
  }
}
