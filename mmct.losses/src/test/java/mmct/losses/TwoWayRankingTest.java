package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import mmct.losses.MarginRanking.Reduction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The hinge among the rows of a batch.
class TwoWayRankingTest {
  private static final double MARGIN = 0.2;

  private static Formula formula(Reduction reduction) {
    return (given, still) -> {
      double[][] s =
          BatchFormulas.similarities(
              BatchFormulas.query(given, 0), BatchFormulas.query(given, 1), 1);
      double[] values = new double[s.length];
      for (int i = 0; i < values.length; i++) {
        double[] row = new double[s.length];
        double[] column = new double[s.length];
        for (int j = 0; j < s.length; j++) {
          if (j != i) {
            row[j] = Math.max(0, MARGIN - s[i][i] + s[i][j]);
            column[j] = Math.max(0, MARGIN - s[i][i] + s[j][i]);
          }
        }
        values[i] = reduce(row, reduction) + reduce(column, reduction);
      }
      return values;
    };
  }

  private static double reduce(double[] hinges, Reduction reduction) {
    return switch (reduction) {
      case SUM -> Arrays.stream(hinges).sum();
      case MEAN -> Arrays.stream(hinges).sum() / Math.max(1, hinges.length - 1);
      case MAX -> Arrays.stream(hinges).max().orElse(0);
    };
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithBruteForceAndFiniteDifferences(Reduction reduction) {
    TwoWayRanking loss = new TwoWayRanking(MARGIN, reduction);
    formula(reduction).check(loss, new LossCases(6, 5, 0).of(loss.needs(), 4), 1e-5);
    formula(reduction).check(loss, new LossCases(1, 5, 0).of(loss.needs(), 5), 1e-5);
  }

  @Test
  void collapsedFeaturesCostTwiceTheMarginForEachOtherRow() {
    for (Reduction reduction : Reduction.values()) {
      TwoWayRanking loss = new TwoWayRanking(MARGIN, reduction);
      LossCase given = new LossCases(5, 3, 0).of(loss.needs(), 4);
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
      double expected = reduction == Reduction.SUM ? 2 * MARGIN * 4 : 2 * MARGIN;
      assertThat(given.evaluate(loss).mean()).isCloseTo(expected, within(1e-5));
      assertThat(loss.chanceLevel(4).getAsDouble()).isCloseTo(expected, within(1e-9));
    }
  }
}
