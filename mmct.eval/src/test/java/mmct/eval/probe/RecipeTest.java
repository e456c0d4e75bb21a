package mmct.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import mmct.api.config.Settings;
import mmct.eval.ProbeOptions;
import mmct.eval.learning.Repeated;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The recipes' learning rates, and figures over seeds.
class RecipeTest {

  @ParameterizedTest
  @CsvSource({
    "paper, 0, 30",
    "paper, 29, 30",
    "paper, 30, 6",
    "paper, 39, 6",
    "paper, 40, 1.2",
    "paper, 49, 1.2",
    "paper, 50, 0.24",
    "paper, 59, 0.24",
    "moco, 59, 30",
    "moco, 60, 3",
    "moco, 79, 3",
    "moco, 80, 0.3",
    "moco, 99, 0.3",
    "virtex, 0, 0.3",
    "virtex, 50, 0.15",
    "virtex, 75, 0.0439339828"
  })
  void ratesFallAsPublished(String protocol, int epoch, double rate) {
    Recipe recipe = Recipe.of(Settings.of(Map.of("protocol", protocol)).bind(ProbeOptions.class));
    assertThat(recipe.rate(12 * epoch, 12)).isCloseTo(rate, within(1e-9));
  }

  @Test
  void theCosineGoesOnWithinAnEpochAndTheStepsDoNot() {
    Recipe virtex = Recipe.of(Settings.of(Map.of("protocol", "virtex")).bind(ProbeOptions.class));
    assertThat(virtex.rate(601, 12)).isLessThan(virtex.rate(600, 12));
    Recipe paper = Recipe.of(ProbeOptions.byDefault());
    assertThat(paper.rate(30 * 12 + 11, 12)).isEqualTo(paper.rate(30 * 12, 12));
    assertThat(paper.rate(30 * 12 - 1, 12)).isEqualTo(30);
  }

  @Test
  void theDeviationIsThatOfASample() {
    assertThat(
            Repeated.figures(
                List.of(Map.of("top1", 1.0), Map.of("top1", 2.0), Map.of("top1", 6.0))))
        .containsEntry("top1", 3.0)
        .containsEntry("deviation.top1", Math.sqrt(7));
  }
}
