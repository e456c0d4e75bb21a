package mmct.cli.survival;

import static mmct.cli.survival.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mmct.cli.PackagedProgram.Ended;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Photos with captions and objects as people have them.
class RealDataTest {
  @TempDir private Path folder;

  private static String data(String name) {
    Path data = Path.of(System.getProperty("mmct.shared", "shared"), "data").resolve(name);
    Assumptions.assumeTrue(Files.exists(data), "there is no " + data);
    return data.toString();
  }

  private Ended mmct(String words, String... more) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.addAll(List.of(more));
    return Program.in(folder).run(arguments.toArray(String[]::new));
  }

  @Test
  void aManifestOfPhotosIsTrainedOnAndJudged() throws IOException, InterruptedException {
    String manifest = data("flickr8k/manifest.csv");
    Run run = new Run(folder.resolve("run"));

    Ended trained =
        mmct(
            "train --preset flickr8k-small --set steps=3 --set modalities.image.size=32"
                + " --set evaluate.run=null --set logEvery=1 --out run --data",
            manifest);

    assertThat(trained.error()).isEmpty();
    assertThat(trained.out()).contains("train 6000, val 1000, test 1000");
    assertThat(run.metrics()).hasSize(3);
    assertThat(run.metrics().getLast().path("terms").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("ii", "tag", "cc", "ic", "ci");

    Ended judged = mmct("evaluate retrieval --run run --split test");

    assertThat(judged.error()).isEmpty();
    JsonNode result =
        new ObjectMapper().readTree(run.folder().resolve("results/retrieval.json").toFile());
    assertThat(result.path("protocol").path("samples").asInt()).isEqualTo(1000);
    assertThat(result.path("protocol").path("items").path("caption").asInt()).isEqualTo(5000);
    assertThat(result.path("protocol").path("trainingOverlap").asInt()).isZero();
    assertThat(result.path("figures").path("caption-to-image.R@10").asDouble())
        .isBetween(0.0, 100.0);

    assertRefused(
        mmct("evaluate retrieval --run run --split tset"), 1, "has no split 'tset'", "test");
    assertRefused(mmct("evaluate retrieva --run run"), 1, "did you mean retrieval?");
  }

  /// 80 of the 295 photos to train on have no captions, and 36 no objects.
  @Test
  void photosThatLackCaptionsOrObjectsTakePartInWhatTheyHave()
      throws IOException, InterruptedException {
    String coco = data("coco_mini");
    Run run = new Run(folder.resolve("run"));

    Ended trained =
        mmct(
            "train --set epochs=2 --set batch=32 --set queue=64 --set logEvery=1 --out run"
                + " --set modalities.image.size=32 --data",
            coco);

    assertThat(trained.error()).isEmpty();
    assertThat(run.status()).isEqualTo("finished");
    List<JsonNode> steps = run.metrics().stream().filter(line -> line.has("terms")).toList();
    assertThat(steps).hasSize(18);
    assertThat(steps)
        .allSatisfy(
            step ->
                assertThat(step.path("terms").fieldNames())
                    .toIterable()
                    .contains("ii", "tag", "cc", "ic", "ci"));
    JsonNode afterOne = steps.getFirst().path("queue_fill");
    assertThat(afterOne.path("image/image-self").asDouble()).isEqualTo(0.5);
    assertThat(afterOne.path("caption/common").asDouble()).isGreaterThan(0).isLessThan(0.5);
    assertThat(run.metrics())
        .filteredOn(line -> line.path("evaluation").asText().equals("retrieval"))
        .extracting(line -> line.path("protocol").path("samples").asInt())
        .containsExactly(26, 26);

    Ended checked = mmct("data check --data", coco);
    assertThat(checked.exitCode()).isZero();
    assertThat(checked.out()).contains("train: 295 samples", "val: 45 samples", "test: 78 samples");
  }

  @Test
  void aCheckOfTheDataReadsEverything() throws IOException, InterruptedException {
    Ended checked = mmct("data check --data", data("flickr8k/manifest.csv"));

    assertThat(checked.error()).isEmpty();
    assertThat(checked.exitCode()).isZero();
    assertThat(checked.out())
        .contains("train: 6000 samples", "val: 1000 samples", "test: 1000 samples")
        .contains("30000 items of caption", "ids: 8091, none twice");
  }
}
