package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhitenedCseTest {
  private static final double EPSILON = 0.01;

  /// A symmetric matrix to the power −½, by Jacobi's rotations.
  private static double[][] inverseRoot(double[][] matrix) {
    int n = matrix.length;
    double[][] vectors = new double[n][n];
    for (int i = 0; i < n; i++) {
      vectors[i][i] = 1;
    }
    for (int sweep = 0; sweep < 60; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(matrix, vectors, p, q);
        }
      }
    }
    double[][] root = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          root[i][j] += vectors[i][k] * vectors[j][k] / Math.sqrt(matrix[k][k]);
        }
      }
    }
    return root;
  }

  private static void rotate(double[][] a, double[][] vectors, int p, int q) {
    if (Math.abs(a[p][q]) < 1e-300) {
      return;
    }
    double angle = 0.5 * Math.atan2(2 * a[p][q], a[q][q] - a[p][p]);
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    for (int k = 0; k < a.length; k++) {
      double left = a[k][p];
      a[k][p] = c * left - s * a[k][q];
      a[k][q] = s * left + c * a[k][q];
      double own = vectors[k][p];
      vectors[k][p] = c * own - s * vectors[k][q];
      vectors[k][q] = s * own + c * vectors[k][q];
    }
    for (int k = 0; k < a.length; k++) {
      double left = a[p][k];
      a[p][k] = c * left - s * a[q][k];
      a[q][k] = s * left + c * a[q][k];
    }
  }

  private static double[][] whitened(double[][] rows, long[] order, int size) {
    int n = rows.length;
    int width = order.length;
    double[][] white = new double[n][width];
    for (int start = 0; start < width; start += size) {
      int here = Math.min(size, width - start);
      double[][] centred = new double[n][here];
      for (int c = 0; c < here; c++) {
        int channel = (int) order[start + c];
        double mean = 0;
        for (double[] row : rows) {
          mean += row[channel] / n;
        }
        for (int i = 0; i < n; i++) {
          centred[i][c] = rows[i][channel] - mean;
        }
      }
      double[][] covariance = new double[here][here];
      for (int a = 0; a < here; a++) {
        covariance[a][a] = EPSILON;
        for (int b = 0; b < here; b++) {
          for (double[] row : centred) {
            covariance[a][b] += row[a] * row[b] / n;
          }
        }
      }
      double[][] root = inverseRoot(covariance);
      for (int i = 0; i < n; i++) {
        for (int a = 0; a < here; a++) {
          for (int b = 0; b < here; b++) {
            white[i][(int) order[start + a]] += centred[i][b] * root[b][a];
          }
        }
      }
    }
    return white;
  }

  private static double[][] whitenedView(double[][] rows, int view, long step) {
    int width = rows[0].length;
    double[][] scaled = new double[rows.length][width];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < width; j++) {
        scaled[i][j] = rows[i][j] * Math.sqrt(width);
      }
    }
    double[][] white = whitened(scaled, RowOrder.channels(width, step, view), 2);
    for (double[] row : white) {
      double length = Math.sqrt(Arrays64.dot(row, row) + 1e-12);
      for (int j = 0; j < width; j++) {
        row[j] /= length;
      }
    }
    return white;
  }

  private static double[] formula(LossCase given) {
    double[][] anchor = whitenedView(given.query(), 0, given.step());
    double value = 0;
    int number = 0;
    for (LossCase.Side side : given.sides()) {
      for (int v = 0; v < side.queries().size(); v++, number++) {
        List<double[]> anchors = new ArrayList<>();
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < given.n(); i++) {
          if (side.has(v, i)) {
            anchors.add(anchor[i]);
            rows.add(side.queries().get(v)[i]);
          }
        }
        if (number > 0 && !rows.isEmpty()) {
          double[][] white = whitenedView(rows.toArray(double[][]::new), number, given.step());
          value += crossEntropy(anchors, white);
        }
      }
    }
    return new double[] {value};
  }

  private static double crossEntropy(List<double[]> anchors, double[][] positives) {
    double sum = 0;
    for (int i = 0; i < positives.length; i++) {
      double[] targets = new double[positives.length];
      double[] logits = new double[positives.length];
      targets[i] = 1;
      for (int j = 0; j < positives.length; j++) {
        logits[j] = Arrays64.dot(anchors.get(i), positives[j]) / 0.5;
      }
      sum += Formula.crossEntropy(targets, logits);
    }
    return sum / positives.length;
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 1", "6, 2, 1", "8, 3, 1", "6, 1, 2"})
  void agreesWithBruteForceByEigenvaluesOverViewsThatSomeRowsLack(
      int n, int views, int modalities) {
    Loss loss =
        Options.loss(
            "whitened-cse",
            Map.of("temperature", 0.5, "groupSize", 2, "epsilon", EPSILON, "views", views));
    LossCase given = new LossCases(n, 5, 0).modalities(modalities).of(loss.needs(), n);
    Formula formula = (now, still) -> formula(now);
    formula.check(loss, given, 5e-5);
  }

  @Test
  void whitenedGroupsHaveTheUnitCovariance() {
    SplittableRandom random = new SplittableRandom(4);
    double[][] rows = LossCases.unit(40, 6, random);
    for (double[] row : rows) {
      row[1] = row[0] + 0.05 * row[1];
      row[2] *= 7;
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray white =
          GroupWhitening.of(
              Arrays64.array(rows, 6, manager), new long[] {2, 0, 1, 5, 3, 4}, 3, 1e-7);
      NDArray covariance = white.transpose().matMul(white).div(40);
      for (int[] group : new int[][] {{2, 0, 1}, {5, 3, 4}}) {
        for (int a : group) {
          for (int b : group) {
            assertThat(covariance.getFloat(a, b)).isCloseTo(a == b ? 1 : 0, within(0.01f));
          }
        }
      }
    }
  }

  @Test
  void channelsAreShuffledAnewEveryStepAndAllAreThere() {
    long[] now = RowOrder.channels(64, 7, 0);
    assertThat(now).doesNotHaveDuplicates().hasSize(64);
    assertThat(RowOrder.channels(64, 7, 0)).isEqualTo(now);
    assertThat(RowOrder.channels(64, 8, 0)).isNotEqualTo(now);
    assertThat(RowOrder.channels(64, 7, 1)).isNotEqualTo(now);
  }

  @Test
  void aBatchSmallerThanAGroupIsFinite() {
    Loss loss = Options.loss("whitened-cse", Map.of("groupSize", 8));
    for (int n = 1; n < 4; n++) {
      assertThat(new LossCases(n, 8, 0).of(loss.needs(), n).evaluate(loss).mean()).isFinite();
    }
  }
}
