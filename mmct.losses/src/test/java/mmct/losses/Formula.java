package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import mmct.api.spi.Loss;

/// A loss written down a second time, straightforward and slow, in float64.
interface Formula {
  private static double mean(double[] values) {
    return java.util.Arrays.stream(values).average().orElseThrow();
  }

  /// The value of every row.
  ///
  /// @param given the input
  /// @param still the same input as it stands before a finite difference moves a number of it: what
  ///     the gradient does not flow through is computed from this
  double[] rows(LossCase given, LossCase still);

  /// Checks values and all gradients of a loss against this formula and its central differences.
  default void check(Loss loss, LossCase given, double tolerance) {
    LossCase.Outcome outcome = given.evaluate(loss);
    double[] expected = rows(given, given);
    assertThat(outcome.rows()).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) outcome.rows()[i])
          .as("row %d", i)
          .isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
    }
    gradients(given, outcome, tolerance * 20);
  }

  private void gradients(LossCase given, LossCase.Outcome outcome, double tolerance) {
    LossCase still = given.copy();
    for (int s = 0; s < given.sides().size(); s++) {
      LossCase.Side side = given.sides().get(s);
      for (int v = 0; v < side.queries().size(); v++) {
        for (int i = 0; i < given.n(); i++) {
          if (side.has(v, i)) {
            String where = "gradient of side %d, view %d, row %d".formatted(s, v, i);
            float[] actual = outcome.queries().get(s).get(v)[i];
            difference(side.queries().get(v)[i], given, still, actual, tolerance, where);
          }
        }
      }
    }
    for (String name : given.parameters().keySet()) {
      double[] values = given.parameters().get(name).values();
      float[] actual = outcome.parameters().get(name);
      difference(values, given, still, actual, tolerance, "gradient of " + name);
    }
  }

  private void difference(
      double[] numbers,
      LossCase given,
      LossCase still,
      float[] actual,
      double tolerance,
      String where) {
    double step = 1e-5;
    for (int j = 0; j < numbers.length; j++) {
      double before = numbers[j];
      numbers[j] = before + step;
      double above = mean(rows(given, still));
      numbers[j] = before - step;
      double below = mean(rows(given, still));
      numbers[j] = before;
      double expected = (above - below) / (2 * step);
      assertThat((double) actual[j])
          .as("%s, %d", where, j)
          .isCloseTo(expected, within(tolerance * Math.max(1, Math.abs(expected))));
    }
  }

  /// The logarithm of a sum of exponentials; negative infinity where there are none.
  static double logSumExp(List<Double> values) {
    double max = values.stream().mapToDouble(x -> x).max().orElse(0);
    return max + Math.log(values.stream().mapToDouble(x -> Math.exp(x - max)).sum());
  }

  /// The cross-entropy of targets with the softmax of logits.
  static double crossEntropy(double[] targets, double[] logits) {
    double all = logSumExp(java.util.Arrays.stream(logits).boxed().toList());
    double sum = 0;
    for (int j = 0; j < logits.length; j++) {
      sum += targets[j] * (all - logits[j]);
    }
    return sum;
  }
}
