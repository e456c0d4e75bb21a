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
  private static final double MIXING = 33;

  private static M3ColOptions options(double mixedShare, boolean detachTargets) {
    return new M3ColOptions(0.2, 0.8, mixedShare, MIXING, 0.125, detachTargets);
  }

  private static M3Col drawing(double concentration, double mixedShare) {
    return new M3Col(new M3ColOptions(0.1, concentration, mixedShare, MIXING, 0.125, false));
  }

  /// Cross-entropies of logits with targets, of the rows and of the columns, `[n]`.
  private static double[] bothWays(double[][] logits, double[][] rows, double[][] columns) {
    int n = logits.length;
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      double[] column = new double[n];
      for (int j = 0; j < n; j++) {
        column[j] = logits[j][i];
      }
      values[i] =
          (Formula.crossEntropy(rows[i], logits[i]) + Formula.crossEntropy(columns[i], column)) / 2;
    }
    return values;
  }

  private static double[][] similarities(double[][] x, double[][] y, double temperature) {
    double[][] all = new double[x.length][y.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        all[i][j] = Arrays64.dot(x[i], y[j]) / temperature;
      }
    }
    return all;
  }

  private static double[] mixed(
      LossCase given, M3Col loss, double[][] x, double[][] y, int purpose) {
    int n = given.n();
    RowOrder order = RowOrder.of(given.instances(), given.step());
    int[] partners = order.partners(purpose);
    float[] shares = loss.shares(n, order, purpose + 2L);
    double[][] mixtures = new double[n][x[0].length];
    double[][] rows = new double[n][n];
    double[][] columns = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int d = 0; d < mixtures[i].length; d++) {
        mixtures[i][d] = shares[i] * x[i][d] + (1 - shares[i]) * x[partners[i]][d];
      }
      double length = Math.sqrt(Arrays64.dot(mixtures[i], mixtures[i]) + 1e-12);
      for (int d = 0; d < mixtures[i].length; d++) {
        mixtures[i][d] /= length;
      }
      rows[i][i] += shares[i];
      rows[i][partners[i]] += 1 - shares[i];
      columns[i][i] += shares[i];
      columns[partners[i]][i] += 1 - shares[i];
    }
    return bothWays(similarities(mixtures, y, 0.2), rows, columns);
  }

  private static double[] soft(double[][] x, double[][] y, double[][] teacher) {
    double[][] targets = similarities(teacher, teacher, 0.125);
    for (double[] row : targets) {
      double all = Formula.logSumExp(Arrays.stream(row).boxed().toList());
      Arrays.setAll(row, j -> Math.exp(row[j] - all));
    }
    return bothWays(similarities(x, y, 0.125), targets, targets);
  }

  private static Formula formula(M3Col loss) {
    return (given, still) -> {
      double[][] x = BatchFormulas.query(given, 0);
      double[][] y = BatchFormulas.query(given, 1);
      LossCase teacher = loss.options().detachTargets() ? still : given;
      boolean mixes = given.epoch() < MIXING;
      double[] there =
          mixes ? mixed(given, loss, x, y, 1) : soft(x, y, BatchFormulas.query(teacher, 1));
      double[] back =
          mixes ? mixed(given, loss, y, x, 2) : soft(y, x, BatchFormulas.query(teacher, 0));
      double[] rows = new double[there.length];
      Arrays.setAll(rows, i -> (there[i] + back[i]) / 2);
      return rows;
    };
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5", "2, 1", "6, 0.5", "6, 1", "6, 0"})
  void agreesWithBruteForceAndFiniteDifferencesWhileItMixes(int n, double mixedShare) {
    M3Col loss = new M3Col(options(mixedShare, false));
    formula(loss).check(loss, new LossCases(n, 4, 0).of(loss.needs(), n), 2e-5);
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "6, false", "6, true"})
  void agreesWithBruteForceAndFiniteDifferencesWithSoftTargets(int n, boolean detachTargets) {
    M3Col loss = new M3Col(options(0.5, detachTargets));
    LossCase given = new LossCases(n, 4, 0).alike(0.4).of(loss.needs(), n).at(9, MIXING);
    formula(loss).check(loss, given, 2e-5);
  }

  @Test
  void unmixedItIsTheClipLoss() {
    Loss loss = Options.loss("m3col", Map.of("mixedShare", 0, "temperature", 0.2));
    Loss clip = Options.loss("clip", Map.of("temperature", 0.2, "learnTemperature", false));
    LossCase given = new LossCases(6, 4, 0).of(clip.needs(), 5);
    assertThat(given.evaluate(loss).rows())
        .containsExactly(given.evaluate(clip).rows(), within(1e-5f));
  }

  @Test
  void softTargetsTakeOverAfterTheConfiguredEpochs() {
    Loss loss = Options.loss("m3col", Map.of("mixingEpochs", 2));
    Loss never = Options.loss("m3col", Map.of("mixingEpochs", 1000));
    Loss always = Options.loss("m3col", Map.of("mixingEpochs", 0));
    LossCase given = new LossCases(6, 4, 0).of(loss.needs(), 5);
    assertThat(given.at(30, 1.99).evaluate(loss).rows())
        .isEqualTo(given.at(30, 1.99).evaluate(never).rows());
    assertThat(given.at(31, 2).evaluate(loss).rows())
        .isEqualTo(given.at(31, 2).evaluate(always).rows())
        .isNotEqualTo(given.at(31, 2).evaluate(never).rows());
  }

  /// Orthogonal rows whose two modalities agree: logits are their own targets.
  @Test
  void whereModalitiesAgreeSoftTargetsCostTheirEntropy() {
    Loss loss = Options.loss("m3col", Map.of("mixingEpochs", 0, "softTemperature", 0.5));
    LossCase given = new LossCases(3, 3, 0).of(loss.needs(), 5);
    given.sides().forEach(side -> identity(side.queries().getFirst()));
    double own = Math.exp(2) / (Math.exp(2) + 2);
    double other = 1 / (Math.exp(2) + 2);
    double entropy = -own * Math.log(own) - 2 * other * Math.log(other);
    for (float row : given.evaluate(loss).rows()) {
      assertThat((double) row).isCloseTo(entropy, within(1e-6));
    }
  }

  private static void identity(double[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      Arrays.fill(rows[i], 0);
      rows[i][i] = 1;
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "99"})
  void indistinguishableRowsCostTheLogOfTheirCount(double epoch) {
    Loss loss = Options.loss("m3col", Map.of());
    LossCase given = new LossCases(7, 3, 0).of(loss.needs(), 2).at(4, epoch);
    for (LossCase.Side side : given.sides()) {
      for (double[] row : side.queries().getFirst()) {
        Arrays.fill(row, 0);
        row[0] = 1;
      }
    }
    assertThat(given.evaluate(loss).mean()).isCloseTo(Math.log(7), within(1e-5));
    assertThat(loss.chanceLevel(6).getAsDouble()).isCloseTo(Math.log(7), within(1e-9));
  }

  @Test
  void sharesAreDrawnFromTheSymmetricBetaDistribution() {
    double concentration = 0.4;
    M3Col loss = drawing(concentration, 1);
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
    M3Col loss = drawing(0.15, 0.3);
    RowOrder order = RowOrder.of(LongStream.range(0, 10_000).toArray(), 3);
    long mixed = 0;
    for (float share : loss.shares(10_000, order, 1)) {
      mixed += share < 1 ? 1 : 0;
    }
    // Some of what is drawn from Beta(0.15, 0.15) rounds to 1.
    assertThat(mixed / 10_000.0).isBetween(0.22, 0.32);
  }
}
