package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Momentum distillation.
class AlbefTest {
  private static Albef loss(boolean learned, double alpha, double ramp) {
    return new Albef(new AlbefOptions(0.2, learned, 0.001, 0.5, alpha, ramp));
  }

  private static Formula formula(boolean learned, double alpha) {
    return (given, still) -> {
      double[] there = direction(given, still, 0, 1, learned, alpha);
      double[] back = direction(given, still, 1, 0, learned, alpha);
      double[] values = new double[there.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (there[i] + back[i]) / 2;
      }
      return values;
    };
  }

  private static double[] direction(
      LossCase given, LossCase still, int from, int to, boolean learned, double alpha) {
    double moving = learned ? Math.exp(given.parameter(Temperature.PARAMETER)) : 0.2;
    double fixed = learned ? Math.exp(still.parameter(Temperature.PARAMETER)) : 0.2;
    LossCase.Side b = given.sides().get(to);
    double[] values = new double[given.n()];
    for (int i = 0; i < values.length; i++) {
      List<double[]> candidates = new ArrayList<>(List.of(b.keys().getFirst()));
      for (int j = 0; j < b.queue().length; j++) {
        if (!b.masked()[i][j]) {
          candidates.add(b.queue()[j]);
        }
      }
      double[][] all = candidates.toArray(double[][]::new);
      double[][] key = {given.sides().get(from).keys().getFirst()[i]};
      double[][] query = {BatchFormulas.query(given, from)[i]};
      double[] teacher = BatchFormulas.similarities(key, all, fixed)[0];
      double sum = Formula.logSumExp(java.util.Arrays.stream(teacher).boxed().toList());
      double[] targets = new double[all.length];
      for (int j = 0; j < targets.length; j++) {
        targets[j] = alpha * Math.exp(teacher[j] - sum) + (j == i ? 1 - alpha : 0);
      }
      values[i] = Formula.crossEntropy(targets, BatchFormulas.similarities(query, all, moving)[0]);
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"true, 0.4, 9", "false, 0.4, 9", "true, 0, 9", "true, 1, 9", "true, 0.4, 0"})
  void agreesWithBruteForceAndFiniteDifferences(boolean learned, double alpha, int queue) {
    Albef loss = loss(learned, alpha, 1);
    LossCase given = new LossCases(5, 4, queue, 0.3, 2, 0.4).of(loss.needs(), 5);
    formula(learned, alpha).check(loss, given, 3e-5);
  }

  @Test
  void withoutDistillationItIsInfoNceOverBatchAndQueueBothWays() {
    Albef loss = loss(false, 0, 1);
    LossCase given = new LossCases(5, 4, 9).unmasked().of(loss.needs(), 5);
    double[] expected = new double[5];
    for (int direction = 0; direction < 2; direction++) {
      LossCase.Side to = given.sides().get(1 - direction);
      double[][] query = BatchFormulas.query(given, direction);
      for (int i = 0; i < 5; i++) {
        List<Double> others = new ArrayList<>();
        for (int j = 0; j < 5; j++) {
          if (j != i) {
            others.add(Arrays64.dot(query[i], to.keys().getFirst()[j]) / 0.2);
          }
        }
        for (double[] row : to.queue()) {
          others.add(Arrays64.dot(query[i], row) / 0.2);
        }
        double own = Arrays64.dot(query[i], to.keys().getFirst()[i]) / 0.2;
        expected[i] += BatchFormulas.infoNce(own, others) / 2;
      }
    }
    float[] rows = given.evaluate(loss).rows();
    for (int i = 0; i < 5; i++) {
      assertThat((double) rows[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  @Test
  void distillationGrowsOverTheFirstEpochs() {
    LossCase given = new LossCases(5, 4, 9).of(loss(true, 0.4, 2).needs(), 5);
    assertThat(given.at(0, 0).evaluate(loss(true, 0.4, 2)).rows())
        .containsExactly(given.evaluate(loss(true, 0, 2)).rows(), within(1e-6f));
    assertThat(given.at(0, 0.5).evaluate(loss(true, 0.4, 2)).rows())
        .containsExactly(given.evaluate(loss(true, 0.1, 0)).rows(), within(1e-5f));
    assertThat(given.at(0, 7).evaluate(loss(true, 0.4, 2)).rows())
        .containsExactly(given.evaluate(loss(true, 0.4, 0)).rows());
  }
}
