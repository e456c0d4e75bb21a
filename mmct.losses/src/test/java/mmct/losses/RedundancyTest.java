package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `barlow-twins` and `vicreg`.
class RedundancyTest {
  /// A component over the batch, with mean zero, of rows multiplied by √d.
  private static double[] component(List<double[]> rows, int index) {
    double root = Math.sqrt(rows.getFirst().length);
    double[] values = rows.stream().mapToDouble(row -> root * row[index]).toArray();
    double mean = java.util.Arrays.stream(values).average().orElseThrow();
    return java.util.Arrays.stream(values).map(value -> value - mean).toArray();
  }

  private static double[] barlow(LossCase given, double redundancy) {
    List<double[]> x = Pairs.of(given).getFirst();
    List<double[]> y = Pairs.of(given).getLast();
    if (x.size() < 2) {
      return new double[] {0};
    }
    int width = x.getFirst().length;
    double sum = 0;
    for (int a = 0; a < width; a++) {
      for (int b = 0; b < width; b++) {
        double[] left = component(x, a);
        double[] right = component(y, b);
        int n = left.length;
        double spread =
            Math.sqrt(Arrays64.dot(left, left) / n + 1e-5)
                * Math.sqrt(Arrays64.dot(right, right) / n + 1e-5);
        double correlation = Arrays64.dot(left, right) / n / spread;
        sum +=
            a == b ? (1 - correlation) * (1 - correlation) : redundancy * correlation * correlation;
      }
    }
    return new double[] {sum};
  }

  private static double[] vicReg(LossCase given) {
    List<double[]> x = Pairs.of(given).getFirst();
    List<double[]> y = Pairs.of(given).getLast();
    int n = x.size();
    if (n == 0) {
      return new double[] {0};
    }
    int width = x.getFirst().length;
    double value = 0;
    for (int i = 0; i < n; i++) {
      for (int a = 0; a < width; a++) {
        // √d² over n·d
        value += 7 * Math.pow(x.get(i)[a] - y.get(i)[a], 2) / n;
      }
    }
    for (List<double[]> rows : List.of(x, y)) {
      for (int a = 0; a < width && n > 1; a++) {
        double[] left = component(rows, a);
        double deviation = Math.sqrt(Arrays64.dot(left, left) / (n - 1) + 1e-4);
        value += 5.0 / 2 * Math.max(0, 1 - deviation) / width;
        for (int b = 0; b < width; b++) {
          if (a != b) {
            double covariance = Arrays64.dot(left, component(rows, b)) / (n - 1);
            value += 2 * covariance * covariance / width;
          }
        }
      }
    }
    return new double[] {value};
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "6, 1", "8, 2"})
  void agreeWithBruteForce(int n, int views) {
    Loss barlow = Options.loss("barlow-twins", Map.of("redundancy", 0.3, "views", views));
    Formula correlations = (given, still) -> barlow(given, 0.3);
    correlations.check(barlow, new LossCases(n, 3, 0).of(barlow.needs(), n), 5e-5);
    Map<String, Object> options = new TreeMap<>(Map.of("views", views, "invariance", 7));
    options.putAll(Map.of("variance", 5, "covariance", 2));
    Loss vicReg = Options.loss("vicreg", options);
    Formula terms = (given, still) -> vicReg(given);
    terms.check(vicReg, new LossCases(n, 3, 0).of(vicReg.needs(), n), 2e-5);
  }

  /// Rows ±1 along each axis, for both views.
  private static LossCase axes(Loss loss) {
    LossCase given = new LossCases(6, 3, 0).of(loss.needs(), 1);
    for (LossCase.Side side : given.sides()) {
      for (int i = 0; i < 6; i++) {
        double[] axis = new double[3];
        axis[i / 2] = i % 2 == 0 ? 1 : -1;
        side.queries().getFirst()[i] = axis;
      }
    }
    return given;
  }

  @Test
  void independentComponentsThatAgreeCostNothing() {
    Loss barlow = Options.loss("barlow-twins", Map.of());
    assertThat(axes(barlow).evaluate(barlow).mean()).isCloseTo(0, within(1e-6));
    Loss vicReg = Options.loss("vicreg", Map.of());
    assertThat(axes(vicReg).evaluate(vicReg).mean()).isCloseTo(0, within(1e-6));
  }

  @Test
  void collapsedRowsCostTheWholeVariance() {
    Loss vicReg = Options.loss("vicreg", Map.of("variance", 10));
    LossCase given = new LossCases(4, 3, 0).of(vicReg.needs(), 1);
    for (LossCase.Side side : given.sides()) {
      java.util.Arrays.fill(side.queries().getFirst(), new double[] {0, 1, 0});
    }
    // Both halves of 10 times 1 − √ε.
    assertThat(given.evaluate(vicReg).mean()).isCloseTo(10 * (1 - 0.01), within(1e-4));
  }

  @Test
  void weightsThatLeaveNothingAreRefused() {
    assertThatThrownBy(
            () -> Options.loss("vicreg", Map.of("variance", 0, "invariance", 0, "covariance", 0)))
        .hasMessage("one of invariance, variance and covariance must be above 0 but all are 0");
  }
}
