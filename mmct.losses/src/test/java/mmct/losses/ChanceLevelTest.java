package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import mmct.api.spi.Loss;
import mmct.api.spi.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The value that a run is told beside each objective: that of features which are all alike.
class ChanceLevelTest {
  private static final int QUEUE = 9;

  private static LossCase alike(Loss loss, int n, int modalities) {
    LossCase given =
        new LossCases(n, 4, QUEUE)
            .unmasked()
            .modalities(modalities)
            .of(loss.needs(), 2)
            .withoutPositives();
    double[] same = {0.5, 0.5, -0.5, 0.5};
    for (LossCase.Side side : given.sides()) {
      side.queries().forEach(view -> Arrays.setAll(view, i -> same.clone()));
      side.keys().forEach(view -> Arrays.setAll(view, i -> same.clone()));
      side.present().forEach(rows -> Arrays.fill(rows, true));
      if (side.queue() != null) {
        Arrays.setAll(side.queue(), i -> same.clone());
      }
    }
    return given;
  }

  private static long candidates(LossCase given, Needs needs) {
    boolean queue = given.sides().getLast().queue() != null;
    boolean batch = !queue || needs.form() instanceof Needs.Joint;
    return (queue ? QUEUE : 0) + (batch ? given.n() - 1L : 0);
  }

  @ParameterizedTest
  @MethodSource("mmct.losses.EveryLossTest#forms")
  void itIsTheValueWhereAllLookAlike(String name) {
    Loss loss = Options.of(name);
    for (int modalities = 2; modalities <= 4; modalities++) {
      LossCase given = alike(loss, 6, modalities);
      int named = given.sides().size();
      OptionalDouble level = loss.chanceLevel(candidates(given, loss.needs()), named);
      // A prototype is no row, and what permuted partners leave is an average.
      if (level.isPresent() && !name.startsWith("swav") && !name.equals("symile")) {
        assertThat(given.evaluate(loss).mean())
            .as("%s of %d modalities", name, named)
            .isCloseTo(level.getAsDouble(), within(2e-4 * Math.max(1, level.getAsDouble())));
      }
    }
  }

  @Test
  void itIsToldOfLossesThatCompareModalities() {
    for (String name : List.of("symile", "symile negatives=all", "mv-infonce", "whitened-cse")) {
      assertThat(Options.of(name).chanceLevel(7, 3)).as(name).isPresent();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 2", "3, 2", "6, 2", "2, 3", "4, 3", "3, 4"})
  void thatOfPermutedPartnersIsTheMeanOverTheOrders(int n, int modalities) {
    Loss loss = Options.of("symile");
    LossCase given = alike(loss, n, modalities);
    int steps = 400;
    double sum = 0;
    double squares = 0;
    for (int step = 0; step < steps; step++) {
      double value = given.at(step, 0).evaluate(loss).mean();
      sum += value;
      squares += value * value;
    }
    double mean = sum / steps;
    double error = Math.sqrt(Math.max(0, squares / steps - mean * mean) / steps);
    assertThat(mean)
        .isCloseTo(loss.chanceLevel(n - 1, modalities).orElseThrow(), within(4 * error + 1e-5));
  }

  @Test
  void aSharpMarginGivesANumber() {
    InfoNce loss = new InfoNce(1e-6, 2);
    assertThat(loss.chanceLevel(1000).orElseThrow()).isCloseTo(2e6 + Math.log(1000), within(1e-6));
    assertThat(new InfoNce(1e-6, -2).chanceLevel(1000).orElseThrow()).isZero();
  }
}
