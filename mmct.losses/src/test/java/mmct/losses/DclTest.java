package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Decoupled contrastive learning.
class DclTest {
  private static final double SIGMA = 0.5;

  private static Formula formula(double temperature, boolean weighted) {
    return (given, still) -> {
      double mean =
          IntStream.range(0, given.n())
              .mapToDouble(i -> Math.exp(BatchFormulas.own(still, i, SIGMA)))
              .average()
              .orElseThrow();
      double[] values = new double[given.n()];
      for (int i = 0; i < values.length; i++) {
        double weight = weighted ? 2 - Math.exp(BatchFormulas.own(still, i, SIGMA)) / mean : 1;
        List<Double> others = BatchFormulas.candidates(given, i, temperature);
        values[i] =
            others.isEmpty()
                ? 0
                : Formula.logSumExp(others) - weight * BatchFormulas.own(given, i, temperature);
      }
      return values;
    };
  }

  private static Dcl loss(double temperature, boolean weighted) {
    return new Dcl(new DclOptions(temperature, weighted, SIGMA));
  }

  @ParameterizedTest
  @CsvSource({"0.1, false", "0.1, true", "0.5, false", "0.5, true"})
  void agreesWithBruteForceAndFiniteDifferences(double temperature, boolean weighted) {
    Dcl loss = loss(temperature, weighted);
    LossCase given = new LossCases(6, 4, 9, 0.3, 0, 0.4).of(loss.needs(), 3);
    formula(temperature, weighted).check(loss, given, 2e-5);
  }

  @Test
  void infoNceIsItsSoftplus() {
    LossCase given = new LossCases(8, 5, 20).of(loss(0.3, false).needs(), 2);
    float[] decoupled = given.evaluate(loss(0.3, false)).rows();
    float[] coupled = given.evaluate(new InfoNce(0.3)).rows();
    for (int i = 0; i < coupled.length; i++) {
      assertThat((double) coupled[i]).isCloseTo(Math.log1p(Math.exp(decoupled[i])), within(1e-5));
    }
  }

  @Test
  void aRowWithoutCandidatesCostsNothingAndPullsNothing() {
    Dcl loss = loss(0.1, false);
    LossCase empty = new LossCases(3, 4, 0).of(loss.needs(), 1);
    for (float row : empty.evaluate(loss).rows()) {
      assertThat(row).isZero();
    }
    LossCase masked = new LossCases(3, 4, 5, 0, 0, 0).of(loss.needs(), 1);
    java.util.Arrays.fill(masked.masked()[1], true);
    LossCase.Outcome outcome = masked.evaluate(loss);
    assertThat(outcome.rows()[1]).isZero();
    for (float number : outcome.queries().getFirst().getFirst()[1]) {
      assertThat(number).isZero();
    }
    assertThat(outcome.rows()[0]).isNotZero();
  }

  @Test
  void pairsThatAreAllEquallyNearHaveWeightOne() {
    LossCase given = new LossCases(4, 3, 6).of(loss(0.1, true).needs(), 9);
    for (int i = 0; i < 4; i++) {
      given.key()[i] = given.query()[i].clone();
    }
    assertThat(given.evaluate(loss(0.1, true)).rows())
        .containsExactly(given.evaluate(loss(0.1, false)).rows(), within(1e-4f));
  }
}
