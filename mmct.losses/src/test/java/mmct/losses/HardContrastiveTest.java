package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// InfoNCE over the nearest negatives.
class HardContrastiveTest {
  private static Formula formula(double quantile) {
    return (given, still) -> {
      double[] values = new double[given.n()];
      for (int i = 0; i < values.length; i++) {
        List<Double> ascending = BatchFormulas.candidates(given, i, 0.2);
        Collections.sort(ascending);
        int first = (int) Math.ceil(quantile * (ascending.size() - 1));
        List<Double> kept = ascending.subList(Math.max(0, first), ascending.size());
        values[i] = BatchFormulas.infoNce(BatchFormulas.own(given, i, 0.2), kept);
      }
      return values;
    };
  }

  private static HardContrastive loss(double quantile) {
    return new HardContrastive(new HardContrastiveOptions(0.2, quantile));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.25, 0.5, 0.8, 1})
  void agreesWithBruteForceAndFiniteDifferences(double quantile) {
    LossCase given = new LossCases(6, 5, 21, 0.3, 0, 0).of(loss(quantile).needs(), 6);
    formula(quantile).check(loss(quantile), given, 1e-5);
  }

  @Test
  void keepingAllIsInfoNce() {
    LossCase given = new LossCases(6, 5, 21).of(loss(0).needs(), 6);
    assertThat(given.evaluate(loss(0)).rows())
        .containsExactly(given.evaluate(new InfoNce(0.2)).rows());
  }

  @Test
  void leavingNegativesOutCostsLess() {
    LossCase given = new LossCases(6, 5, 40).of(loss(0).needs(), 6);
    double before = Double.POSITIVE_INFINITY;
    for (double quantile : new double[] {0, 0.3, 0.6, 0.9}) {
      double mean = given.evaluate(loss(quantile)).mean();
      assertThat(mean).isLessThan(before);
      before = mean;
    }
  }

  @Test
  void candidatesThatAreAllAlikeAreAllKept() {
    LossCase given = new LossCases(1, 3, 12, 0, 0, 0).of(loss(0.8).needs(), 6);
    for (double[] row : given.queue()) {
      System.arraycopy(given.key()[0], 0, row, 0, 3);
    }
    assertThat(given.evaluate(loss(0.8)).mean()).isCloseTo(Math.log(13), within(1e-5));
  }
}
