package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StructureTest {
  private static double[][] relations(double[][] raw, boolean normalise, double temperature) {
    int n = raw.length;
    int d = raw[0].length;
    double[][] rows = new double[n][];
    double[] mean = new double[d];
    for (int i = 0; i < n; i++) {
      rows[i] = raw[i].clone();
      double length = normalise ? Math.sqrt(Arrays64.dot(raw[i], raw[i])) : 1;
      for (int j = 0; j < d; j++) {
        rows[i][j] /= length;
        mean[j] += rows[i][j] / n;
      }
    }
    for (double[] row : rows) {
      for (int j = 0; j < d; j++) {
        row[j] -= mean[j];
      }
    }
    double[][] relations = new double[n][n];
    for (int i = 0; i < n; i++) {
      List<Double> logits = new ArrayList<>();
      for (double[] other : rows) {
        logits.add(Arrays64.dot(rows[i], other) / temperature);
      }
      for (int j = 0; j < n; j++) {
        relations[i][j] = Math.exp(logits.get(j) - Formula.logSumExp(logits));
      }
    }
    return relations;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] product = new double[a.length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        for (int k = 0; k < a.length; k++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  private static double divergence(double[] p, double[] q) {
    double sum = 0;
    for (int j = 0; j < p.length; j++) {
      double middle = (p[j] + q[j]) / 2;
      sum += (p[j] * Math.log(p[j] / middle) + q[j] * Math.log(q[j] / middle)) / 2;
    }
    return sum;
  }

  private static double[] formula(LossCase given, int levels, boolean byLevel) {
    double[] rows = new double[given.n()];
    for (LossCase.Side side : given.sides()) {
      double[][] original = relations(side.backbone(), true, 0.3);
      double[][] aligned = relations(side.queries().getFirst(), false, 0.3);
      double[][] left = original;
      double[][] right = aligned;
      for (int level = 1; level <= levels; level++) {
        double weight = (byLevel ? 1.0 / level : 1) / levels / given.sides().size();
        for (int i = 0; i < rows.length; i++) {
          rows[i] += weight * divergence(left[i], right[i]);
        }
        left = product(left, original);
        right = product(right, aligned);
      }
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 2, false", "5, 1, 2, false", "5, 3, 1, true", "4, 2, 3, false"})
  void agreesWithBruteForce(int n, int levels, int modalities, boolean byLevel) {
    Loss loss =
        Options.loss(
            "structure",
            Map.of(
                "temperature", 0.3, "levels", levels, "weightByLevel", byLevel, "warmupSteps", 0));
    Formula formula = (given, still) -> formula(given, levels, byLevel);
    formula.check(loss, new LossCases(n, 4, 0).modalities(modalities).of(loss.needs(), n), 2e-5);
  }

  /// A case whose backbone's features are a multiple of the projected ones.
  private static LossCase kept(Loss loss) {
    LossCase random = new LossCases(6, 4, 0).of(loss.needs(), 7);
    LossCase.Side side = random.sides().getFirst();
    double[][] query = side.queries().getFirst();
    double[][] backbone = new double[query.length][];
    for (int i = 0; i < query.length; i++) {
      backbone[i] = java.util.Arrays.stream(query[i]).map(x -> 3 * x).toArray();
    }
    LossCase.Side same =
        new LossCase.Side(
            side.queries(), side.keys(), side.present(), null, side.masked(), backbone);
    return new LossCase(
        List.of(same), Optional.empty(), Map.of(), Map.of(), random.instances(), 2000, 1);
  }

  @Test
  void aStructureThatIsKeptCostsNothingAndIsLeftAlone() {
    Loss loss = Options.loss("structure", Map.of("levels", 2));
    LossCase.Outcome outcome = kept(loss).evaluate(loss);
    assertThat(outcome.mean()).isCloseTo(0, within(1e-6));
    for (float[] row : outcome.queries().getFirst().getFirst()) {
      for (float value : row) {
        assertThat(value).isCloseTo(0, within(1e-4f));
      }
    }
  }

  @Test
  void theDivergenceIsAtMostTheLogOfTwo() {
    Loss loss = Options.loss("structure", Map.of("temperature", 0.01, "warmupSteps", 0));
    for (int seed = 0; seed < 20; seed++) {
      LossCase given = new LossCases(8, 2, 0).of(loss.needs(), seed);
      for (float row : given.evaluate(loss).rows()) {
        assertThat((double) row).isBetween(-1e-6, Math.log(2) + 1e-5);
      }
    }
  }

  @Test
  void theTermRisesLinearlyOverTheWarmUp() {
    Loss loss = Options.loss("structure", Map.of("warmupSteps", 100));
    LossCase given = new LossCases(5, 4, 0).of(loss.needs(), 3);
    double whole = given.at(100, 0).evaluate(loss).mean();
    assertThat(whole).isPositive();
    assertThat(given.at(0, 0).evaluate(loss).mean()).isZero();
    assertThat(given.at(25, 0).evaluate(loss).mean()).isCloseTo(whole / 4, within(1e-6));
    assertThat(given.at(5000, 0).evaluate(loss).mean()).isCloseTo(whole, within(1e-6));
  }
}
