package mmct.cli.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import mmct.api.config.Settings;
import mmct.api.graph.SpaceConfig;
import mmct.api.training.RunConfig;
import mmct.api.training.RunConfig.Curve;
import mmct.api.training.RunConfig.Rule;
import org.junit.jupiter.api.Test;

/// The numbers of the paper and of the small recipe, as far as they concern the run itself.
class PresetRecipesTest {
  private static RunConfig run(String preset) {
    return new ConfigurationReader(Presets.builtIn())
        .preset(preset)
        .settings()
        .bind(RunConfig.class);
  }

  private static double number(RunConfig run, String objective, String key) {
    return ((Number) run.objectives().get(objective).get(key).orElse(1L)).doubleValue();
  }

  @Test
  void thePapersNumbersOnCoco() {
    RunConfig run = run("paper-coco");

    assertThat(run.queue()).isEqualTo(32768);
    assertThat(run.epochs()).isEqualTo(200);
    assertThat(run.batch()).isEqualTo(512);
    assertThat(run.momentum()).isEqualTo(0.999);
    assertThat(run.objectives().keySet()).containsExactly("ii", "tag", "cc", "ic", "ci");
    assertThat(number(run, "ic", "weight") * run.queue()).isCloseTo(3.28, within(0.005));
    assertThat(number(run, "ii", "temperature")).isEqualTo(0.07);
    assertThat(run.optimizer().type()).isEqualTo(Rule.SGD);
    assertThat(run.optimizer().weightDecay()).isEqualTo(1e-4);
    assertThat(run.modalities().get("image").get("lr")).contains(0.03);
    assertThat(run.modalities().get("caption").get("lr")).contains(4e-5);
    assertThat(run.schedule().type()).isEqualTo(Curve.COSINE);
    assertThat(run.spaces().values())
        .extracting(SpaceConfig::width)
        .containsExactly(128, 128, 1024);
    assertThat(run.spaces().values())
        .allSatisfy(
            space -> {
              assertThat(space.hidden()).isEqualTo(2048);
              assertThat(space.norm()).isEqualTo(SpaceConfig.Norm.NONE);
            });
  }

  @Test
  void thePapersNumbersOnStockPhotos() {
    RunConfig run = run("paper-stock");

    assertThat(run.queue()).isEqualTo(65536);
    assertThat(run.epochs()).isEqualTo(60);
    assertThat(number(run, "ci", "weight")).isEqualTo(1e-4);
    assertThat(run.modalities().get("tags").get("vocabulary")).contains(18157L);
  }

  @Test
  void theSmallRecipeKeepsTheWeightOfTheHingeTimesTheQueueAtThirty() {
    RunConfig run = run("flickr8k-small");

    assertThat(number(run, "ic", "weight") * run.queue()).isEqualTo(30);
    assertThat(number(run, "ci", "weight") * run.queue()).isEqualTo(30);
    assertThat(run.optimizer().betas()).isEqualTo(List.of(0.9, 0.98));
    assertThat(run.schedule().warmupSteps()).isEqualTo(40);
    assertThat(run.spaces().values())
        .allSatisfy(space -> assertThat(space.norm()).isEqualTo(SpaceConfig.Norm.BATCH));
  }

  @Test
  void theBaselinesLeaveOutWhatTheyDoNotHave() {
    assertThat(run("ours").objectives().keySet()).containsExactly("ii", "cc", "ic", "ci");
    assertThat(run("ours").modalities().keySet()).containsExactly("image", "caption");
    assertThat(run("ours-with-tag").objectives().keySet())
        .containsExactly("ii", "tag", "cc", "ic", "ci");
    assertThat(run("inter-modal").objectives().keySet()).containsExactly("ic", "ci");
    assertThat(run("inter-modal").spaces().keySet()).containsExactly("common");
    assertThat(run("moco-v2").modalities().keySet()).containsExactly("image");
    assertThat(number(run("moco-v2"), "ii", "temperature")).isEqualTo(0.2);
    assertThat(number(run("moco"), "ii", "temperature")).isEqualTo(0.07);
    assertThat(run("moco").spaces().get("image-self").hidden()).isZero();
  }

  @Test
  void presetsOfOtherObjectivesSayOnlyWhatDiffers() {
    assertThat(run("clip").objectives().keySet()).containsExactly("clip");
    assertThat(number(run("convirt"), "clip", "directionWeight")).isEqualTo(0.75);
    assertThat(number(run("convirt"), "clip", "temperature")).isEqualTo(0.1);
    assertThat(number(run("align"), "clip", "labelSmoothing")).isEqualTo(0.1);
    assertThat(run("albef-itc").objectives().keySet()).containsExactly("itc");
    assertThat(run("albef-itc").queue()).isEqualTo(65536);
    assertThat(run("albef-itc").momentum()).isEqualTo(0.995);
    assertThat(run("moco-v2+mochi").objectives().get("ii").text("loss")).contains("mochi");
    assertThat(number(run("moco-v2+mochi"), "ii", "temperature")).isEqualTo(0.2);
    assertThat(run("dcl").objectives().get("ii").text("loss")).contains("dcl");
    for (String preset : List.of("clip", "convirt", "align", "albef-itc", "dcl")) {
      long lines = Presets.builtIn().text(preset).lines().filter(l -> !l.isBlank()).count();
      assertThat(lines).as(preset).isLessThanOrEqualTo(15);
    }
  }

  @Test
  void unifiedHeadsCompareEverythingInOneSpace() {
    RunConfig run = run("unified-heads");

    assertThat(run.spaces().keySet()).containsExactly("common");
    Map<String, Settings> objectives = run.objectives();
    assertThat(objectives.values())
        .allSatisfy(objective -> assertThat(objective.text("space")).contains("common"));
  }
}
