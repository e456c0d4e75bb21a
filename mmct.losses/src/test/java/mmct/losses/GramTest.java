package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GramTest {
  private static double determinant(double[][] matrix) {
    double determinant = 1;
    int n = matrix.length;
    for (int p = 0; p < n; p++) {
      int best = p;
      for (int r = p + 1; r < n; r++) {
        best = Math.abs(matrix[r][p]) > Math.abs(matrix[best][p]) ? r : best;
      }
      double[] row = matrix[p];
      matrix[p] = matrix[best];
      matrix[best] = row;
      determinant *= best == p ? matrix[p][p] : -matrix[p][p];
      for (int r = p + 1; r < n && matrix[p][p] != 0; r++) {
        double factor = matrix[r][p] / matrix[p][p];
        for (int c = p; c < n; c++) {
          matrix[r][c] -= factor * matrix[p][c];
        }
      }
    }
    return determinant;
  }

  private static double volume(LossCase given, int anchor, int tuple) {
    List<double[]> vectors = new ArrayList<>();
    for (LossCase.Side side : given.sides()) {
      vectors.add(side.queries().getFirst()[vectors.isEmpty() ? anchor : tuple]);
    }
    double[][] gram = new double[vectors.size()][vectors.size()];
    for (int i = 0; i < gram.length; i++) {
      for (int j = 0; j < gram.length; j++) {
        gram[i][j] = Arrays64.dot(vectors.get(i), vectors.get(j));
      }
    }
    return Math.sqrt(Math.max(0, determinant(gram)) + 1e-8);
  }

  private static double[] formula(LossCase given, double smoothing) {
    int n = given.n();
    double temperature = Math.exp(given.parameter(Temperature.PARAMETER));
    double[] rows = new double[n];
    for (int i = 0; i < n; i++) {
      double[] there = new double[n];
      double[] back = new double[n];
      double[] targets = new double[n];
      for (int j = 0; j < n; j++) {
        there[j] = -volume(given, i, j) / temperature;
        back[j] = -volume(given, j, i) / temperature;
        targets[j] = smoothing / n + (i == j ? 1 - smoothing : 0);
      }
      rows[i] = (Formula.crossEntropy(targets, there) + Formula.crossEntropy(targets, back)) / 2;
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "4, 2", "4, 3", "3, 4", "3, 5"})
  void agreesWithBruteForce(int n, int modalities) {
    Loss loss = Options.loss("gram", Map.of("temperature", 0.2));
    Formula formula = (given, still) -> formula(given, 0.1);
    formula.check(loss, new LossCases(n, 6, 0).modalities(modalities).of(loss.needs(), 2), 2e-5);
  }

  @Test
  void aFixedTemperatureIsNoParameter() {
    Loss loss = Options.loss("gram", Map.of("temperature", 0.2, "learnTemperature", false));
    assertThat(loss.needs().parameters()).isEmpty();
    LossCase given = new LossCases(4, 5, 0).of(loss.needs(), 2);
    Loss learned = Options.loss("gram", Map.of("temperature", 0.2));
    LossCase same = new LossCases(4, 5, 0).of(learned.needs(), 2);
    assertThat(given.evaluate(loss).rows())
        .containsExactly(same.evaluate(learned).rows(), within(1e-5f));
  }

  private static float[][] volumes(LossCase given) {
    try (NDManager manager = NDManager.newBaseManager()) {
      List<NDArray> rows =
          given.input(manager).sides().stream().map(side -> side.queries().getFirst()).toList();
      float[] flat = GramDeterminant.of(rows).sqrt().toFloatArray();
      float[][] volumes = new float[given.n()][given.n()];
      for (int i = 0; i < flat.length; i++) {
        volumes[i / given.n()][i % given.n()] = flat[i];
      }
      return volumes;
    }
  }

  @Test
  void theVolumeOfTwoIsTheSineOfTheirAngle() {
    LossCase given = new LossCases(5, 4, 0).of(Options.loss("gram", Map.of()).needs(), 3);
    double[][] b = given.sides().getLast().queries().getFirst();
    float[][] volumes = volumes(given);
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        double cosine = Arrays64.dot(given.query()[i], b[j]);
        assertThat((double) volumes[i][j]).isCloseTo(Math.sqrt(1 - cosine * cosine), within(1e-5));
      }
    }
  }

  @Test
  void theVolumeIsZeroOnceTwoCoincide() {
    LossCase given =
        new LossCases(3, 5, 0).modalities(3).of(Options.loss("gram", Map.of()).needs(), 4);
    double[][] second = given.sides().get(1).queries().getFirst();
    double[][] third = given.sides().get(2).queries().getFirst();
    third[1] = second[1].clone();
    second[2] = given.query()[0].clone();
    float[][] volumes = volumes(given);
    for (int i = 0; i < 3; i++) {
      assertThat(volumes[i][1]).isCloseTo(0, within(1e-3f));
    }
    assertThat(volumes[0][2]).isCloseTo(0, within(1e-3f));
    assertThat(volumes[1][2]).isGreaterThan(0.05f);
  }

  @Test
  void orthogonalVectorsSpanTheUnitVolume() {
    LossCase given =
        new LossCases(1, 4, 0).modalities(4).of(Options.loss("gram", Map.of()).needs(), 4);
    for (int m = 0; m < 4; m++) {
      double[] unit = new double[4];
      unit[m] = m % 2 == 0 ? 1 : -1;
      given.sides().get(m).queries().getFirst()[0] = unit;
    }
    assertThat(volumes(given)[0][0]).isCloseTo(1, within(1e-6f));
  }

  @Test
  void theGradientStaysBoundedWhereVectorsCoincide() {
    Loss loss = Options.loss("gram", Map.of("temperature", 0.01));
    LossCase given = new LossCases(4, 3, 0).modalities(3).alike(1).of(loss.needs(), 5);
    LossCase.Outcome outcome = given.evaluate(loss);
    for (var views : outcome.queries()) {
      for (float[] row : views.getFirst()) {
        for (float value : row) {
          assertThat(Math.abs(value)).isLessThan(200);
        }
      }
    }
  }
}
