package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class M3ColTest {
  private static double[] mixed(LossCase given, M3Col loss, boolean turned, int purpose) {
    double[][] first = given.query();
    double[][] second = given.sides().getLast().queries().getFirst();
    double[][] x = turned ? second : first;
    double[][] y = turned ? first : second;
    int n = given.n();
    RowOrder order = RowOrder.of(given.instances(), given.step());
    int[] partners = order.partners(purpose);
    float[] shares = loss.shares(n, order, purpose + 2L);
    double[] rows = new double[n];
    for (int i = 0; i < n; i++) {
      double[] mixture = new double[x[i].length];
      for (int d = 0; d < mixture.length; d++) {
        mixture[d] = shares[i] * x[i][d] + (1 - shares[i]) * x[partners[i]][d];
      }
      double length = Math.sqrt(Arrays64.dot(mixture, mixture) + 1e-12);
      double[] targets = new double[n];
      targets[i] += shares[i];
      targets[partners[i]] += 1 - shares[i];
      double[] logits = new double[n];
      for (int j = 0; j < n; j++) {
        logits[j] = Arrays64.dot(mixture, y[j]) / length / 0.2;
      }
      rows[i] = Formula.crossEntropy(targets, logits);
    }
    return rows;
  }

  private static double[] formula(LossCase given, M3Col loss) {
    double[] there = mixed(given, loss, false, 1);
    double[] back = mixed(given, loss, true, 2);
    double[] rows = new double[there.length];
    Arrays.setAll(rows, i -> (there[i] + back[i]) / 2);
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5", "2, 1", "6, 0.5", "6, 1", "6, 0"})
  void agreesWithBruteForce(int n, double mixedShare) {
    M3Col loss = new M3Col(new M3ColOptions(0.2, 0.8, mixedShare));
    Formula formula = (given, still) -> formula(given, loss);
    formula.check(loss, new LossCases(n, 4, 0).of(loss.needs(), n), 2e-5);
  }

  @Test
  void unmixedItIsTheClipLoss() {
    Loss loss = Options.loss("m3col", Map.of("mixedShare", 0, "temperature", 0.2));
    Loss clip = Options.loss("symile", Map.of("negatives", "all", "temperature", 0.2));
    LossCase given = new LossCases(6, 4, 0).of(clip.needs(), 5);
    assertThat(given.evaluate(loss).rows())
        .containsExactly(given.evaluate(clip).rows(), within(1e-5f));
  }

  @Test
  void sharesAreDrawnFromTheSymmetricBetaDistribution() {
    double concentration = 0.4;
    M3Col loss = new M3Col(new M3ColOptions(0.1, concentration, 1));
    int n = 20_000;
    RowOrder order = RowOrder.of(LongStream.range(0, n).toArray(), 3);
    float[] shares = loss.shares(n, order, 1);
    double mean = 0;
    double square = 0;
    for (float share : shares) {
      mean += share / (double) n;
      square += (double) share * share / n;
    }
    assertThat(mean).isCloseTo(0.5, within(0.01));
    double variance = 1 / (4 * (2 * concentration + 1));
    assertThat(square - mean * mean).isCloseTo(variance, within(0.005));
  }

  @Test
  void theConfiguredShareOfRowsIsMixed() {
    M3Col loss = new M3Col(new M3ColOptions(0.1, 0.15, 0.3));
    RowOrder order = RowOrder.of(LongStream.range(0, 10_000).toArray(), 3);
    long mixed = 0;
    for (float share : loss.shares(10_000, order, 1)) {
      mixed += share < 1 ? 1 : 0;
    }
    // Some of what is drawn from Beta(0.15, 0.15) rounds to 1.
    assertThat(mixed / 10_000.0).isBetween(0.22, 0.32);
  }
}
