package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// CLIP, ConVIRT and ALIGN.
class ClipTest {
  private static Clip loss(double temperature, boolean learned, double lambda, double smoothing) {
    return new Clip(new ClipOptions(temperature, learned, 0.01, lambda, smoothing));
  }

  private static Formula formula(double fixed, boolean learned, double lambda, double smoothing) {
    return (given, still) ->
        BatchFormulas.clip(
            BatchFormulas.query(given, 0),
            BatchFormulas.query(given, 1),
            learned ? Math.exp(given.parameter(Temperature.PARAMETER)) : fixed,
            lambda,
            smoothing);
  }

  @ParameterizedTest
  @CsvSource({
    "0.07, true, 0.5, 0",
    "0.1, false, 0.75, 0",
    "0.5, true, 0.5, 0.1",
    "0.2, false, 0, 0",
    "0.2, true, 1, 0.3"
  })
  void agreesWithBruteForceAndFiniteDifferences(
      double temperature, boolean learned, double lambda, double smoothing) {
    Clip loss = loss(temperature, learned, lambda, smoothing);
    LossCase given = new LossCases(6, 5, 0).alike(0.4).of(loss.needs(), 2);
    formula(temperature, learned, lambda, smoothing).check(loss, given, 5e-5);
  }

  @Test
  void indistinguishableRowsCostTheLogOfTheirCount() {
    Clip loss = loss(0.07, true, 0.5, 0.1);
    LossCase given = new LossCases(7, 3, 0).of(loss.needs(), 2);
    given
        .sides()
        .forEach(
            side ->
                Arrays.stream(side.queries().getFirst())
                    .forEach(
                        row -> {
                          Arrays.fill(row, 0);
                          row[0] = 1;
                        }));
    assertThat(given.evaluate(loss).mean()).isCloseTo(Math.log(7), within(1e-5));
    assertThat(loss.chanceLevel(6).getAsDouble()).isCloseTo(Math.log(7), within(1e-9));
  }

  @Test
  void oneRowAloneCostsNothing() {
    Clip loss = loss(0.07, true, 0.5, 0);
    assertThat(new LossCases(1, 3, 0).of(loss.needs(), 2).evaluate(loss).rows()).containsOnly(0f);
  }

  @Test
  void exchangingTheModalitiesExchangesTheDirections() {
    LossCase given = new LossCases(5, 4, 0).of(loss(0.1, false, 0.75, 0).needs(), 3);
    LossCase exchanged =
        new LossCase(
            given.sides().reversed(),
            given.positives(),
            given.parameters(),
            given.states(),
            given.instances(),
            0,
            0);
    assertThat(exchanged.evaluate(loss(0.1, false, 0.25, 0)).rows())
        .containsExactly(given.evaluate(loss(0.1, false, 0.75, 0)).rows(), within(1e-5f));
  }

  @Test
  void aTemperatureThatLeftItsBoundsCountsAsTheBoundAndIsLedBack() {
    Clip loss = loss(0.07, true, 0.5, 0);
    LossCase given = new LossCases(4, 4, 0).alike(0.5).of(loss.needs(), 3);
    LossCase below = given.parameter(Temperature.PARAMETER, Math.log(0.002));
    LossCase bound = given.parameter(Temperature.PARAMETER, Math.log(0.01));
    assertThat(below.evaluate(loss).rows())
        .containsExactly(bound.evaluate(loss).rows(), within(1e-3f));
    assertThat(below.evaluate(loss).parameters().get(Temperature.PARAMETER)[0])
        .as("a descent raises it")
        .isCloseTo(-1f, within(1e-5f));
  }

  @Test
  void aLearnedTemperatureStartsWithinItsBounds() {
    assertThatThrownBy(
            () -> Settings.assignment("temperature=0.002").bind(new ClipProvider().options()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "a learned temperature must be from lowestTemperature 0.01 to 100.0 but was 0.002");
    assertThat(loss(0.002, false, 0.5, 0).needs().parameters()).isEmpty();
  }

  @Test
  void optionsWrittenInJavaAreCheckedLikeThoseOfAConfiguration() {
    assertThatThrownBy(() -> loss(0.1, true, 1.5, 0))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("directionWeight must be at least 0 and at most 1 but was 1.5");
  }
}
