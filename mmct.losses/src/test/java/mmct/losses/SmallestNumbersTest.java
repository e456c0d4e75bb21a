package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import mmct.api.config.ConfigurationException;
import mmct.api.spi.Loss;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Options so small that float32 has no such number, or none that counts beside what it is added
/// to.
class SmallestNumbersTest {
  @ParameterizedTest
  @CsvSource({
    "gram, epsilon, 1e-13, 1e-12",
    "gram, epsilon, 1e-50, 1e-12",
    "gram, epsilon, 0, 1e-12",
    "whitened-cse, epsilon, 1e-8, 1e-6",
    "whitened-cse, epsilon, 1e-320, 1e-6",
    "whitened-cse, temperature, 1e-46, 1e-6",
    "siglip, scale, 1e-50, 1e-6",
    "alignment-uniformity, sharpness, 1e-50, 1e-6"
  })
  void whatIsBelowTheResolutionIsRefused(String loss, String option, String value, String least) {
    assertThatThrownBy(() -> Options.of("%s %s=%s".formatted(loss, option, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("%s must be at least %s".formatted(option, least))
        .hasMessageNotContaining("\n");
  }

  /// What is allowed gives numbers even where it counts for most: all vectors coincide, and a
  /// batch is smaller than a group, so that its covariance has no inverse without ε.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gram epsilon=1e-12",
        "gram epsilon=1e-12 temperature=1e-4 lowestTemperature=1e-4",
        "whitened-cse epsilon=1e-6 views=2",
        "whitened-cse epsilon=1e-6 views=2 groupSize=40",
        "whitened-cse epsilon=1e-6 temperature=1e-6 views=2",
        "info-nce temperature=1e-6",
        "dcl temperature=1e-6 weighted=true weightTemperature=1e-6",
        "mochi temperature=1e-6",
        "hard-contrastive temperature=1e-6",
        "clip temperature=1e-6 learnTemperature=false",
        "cwcl temperature=1e-6 learnTemperature=false weightTemperature=1e-6",
        "albef temperature=1e-6 learnTemperature=false rampEpochs=0",
        "one-to-k temperature=1e-6 learnTemperature=false",
        "isogclr temperature=1e-6 lowestTemperature=1e-6",
        "m3col temperature=1e-6 softTemperature=1e-6",
        "m3col temperature=1e-6 softTemperature=1e-6 mixingEpochs=0",
        "mv-dhel temperature=1e-6",
        "mv-infonce temperature=1e-6",
        "structure temperature=1e-6",
        "swav temperature=1e-6 sinkhornTemperature=1e-6",
        "symile temperature=1e-6 learnTemperature=false",
        "alignment-uniformity sharpness=1e6",
        "cacr negativeSharpness=1e6 positiveSharpness=1e6",
        "siglip scale=1e6"
      })
  void theSmallestThatAreAllowedGiveNumbers(String name) {
    Loss loss = Options.of(name);
    for (double like : new double[] {0, 1}) {
      LossCase given = new LossCases(5, 48, 12).alike(like).of(loss.needs(), 3);
      LossCase.Outcome outcome = given.evaluate(loss);
      for (float row : outcome.rows()) {
        assertThat(row).isFinite();
      }
      outcome.queries().stream()
          .flatMap(views -> views.stream())
          .flatMap(Arrays::stream)
          .forEach(
              row -> {
                for (float value : row) {
                  assertThat(value).isFinite();
                }
              });
    }
  }

  /// A masked candidate stays one at the lowest temperature: it must not come back as the nearest.
  @ParameterizedTest
  @ValueSource(strings = {"info-nce temperature=1e-6", "dcl temperature=1e-6"})
  void maskedRowsTakeNoPartAtTheLowestTemperature(String name) {
    Loss loss = Options.of(name);
    LossCase given = new LossCases(3, 4, 6).of(loss.needs(), 3).withoutPositives();
    LossCase.Side side = given.sides().getLast();
    for (int j = 0; j < 6; j++) {
      // Three others are opposite to the query, the masked ones are the query itself.
      side.masked()[0][j] = j % 2 == 0;
      for (int d = 0; d < 4; d++) {
        java.util.Objects.requireNonNull(side.queue())[j][d] =
            (j % 2 == 0 ? 1 : -1) * given.query()[0][d];
      }
    }
    double own = 1e6 * Arrays64.dot(given.query()[0], given.key()[0]);
    double others = -1e6 * Arrays64.dot(given.query()[0], given.query()[0]) + Math.log(3);
    double dcl = others - own;
    assertThat((double) given.evaluate(loss).rows()[0])
        .isCloseTo(name.startsWith("dcl") ? dcl : Math.max(0, dcl), within(0.5));
  }
}
