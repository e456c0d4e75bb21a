package mmct.eval.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Eigenvalues and vectors against their definition and a closed form.
class SymmetricEigenTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 129, 300})
  void vectorsAreOrthonormalAndTheMatrixStretchesEachByItsValue(int n) {
    double[][] matrix = random(n, new Random(n));
    SymmetricEigen eigen = SymmetricEigen.of(copy(matrix));
    for (int i = 0; i < n; i++) {
      double[] vector = eigen.vectors()[i];
      double[] image = times(matrix, vector);
      for (int k = 0; k < n; k++) {
        assertThat(image[k]).isCloseTo(eigen.values()[i] * vector[k], within(1e-11 * n));
      }
      for (int j = 0; j <= i; j++) {
        assertThat(dot(vector, eigen.vectors()[j])).isCloseTo(i == j ? 1 : 0, within(1e-12 * n));
      }
    }
  }

  @Test
  void aPathHasTheEigenvaluesOfItsClosedForm() {
    int n = 50;
    double[][] laplacian = new double[n][n];
    for (int i = 0; i < n; i++) {
      laplacian[i][i] = i == 0 || i == n - 1 ? 1 : 2;
      if (i > 0) {
        laplacian[i][i - 1] = -1;
        laplacian[i - 1][i] = -1;
      }
    }
    double[] values = SymmetricEigen.of(laplacian).values();
    Arrays.sort(values);
    for (int i = 0; i < n; i++) {
      assertThat(values[i]).isCloseTo(2 - 2 * Math.cos(Math.PI * i / n), within(1e-13 * n));
    }
  }

  @Test
  void repeatedAndVanishingEigenvaluesAreFound() {
    double[][] ones = new double[6][6];
    for (double[] row : ones) {
      Arrays.fill(row, 1);
    }
    double[] values = SymmetricEigen.of(ones).values();
    Arrays.sort(values);
    assertThat(values[5]).isCloseTo(6, within(1e-12));
    assertThat(values[0]).isCloseTo(0, within(1e-12));
    assertThat(values[4]).isCloseTo(0, within(1e-12));
    assertThat(SymmetricEigen.of(new double[3][3]).values()).containsExactly(0, 0, 0);
  }

  static double[][] random(int n, Random random) {
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = random.nextGaussian();
        matrix[j][i] = matrix[i][j];
      }
    }
    return matrix;
  }

  private static double[][] copy(double[][] matrix) {
    return Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
  }

  private static double[] times(double[][] matrix, double[] vector) {
    return Arrays.stream(matrix).mapToDouble(row -> dot(row, vector)).toArray();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
