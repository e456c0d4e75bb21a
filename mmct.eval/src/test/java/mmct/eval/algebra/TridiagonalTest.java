package mmct.eval.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Eigenvalues that are known.
class TridiagonalTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 57})
  void theSecondDifferenceHasItsClosedForm(int size) {
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      matrix[i][i] = 2;
      if (i > 0) {
        matrix[i][i - 1] = -1;
        matrix[i - 1][i] = -1;
      }
    }
    double[] values = Tridiagonal.of(matrix).eigenvalues();
    for (int i = 0; i < size; i++) {
      assertThat(values[i])
          .isCloseTo(2 - 2 * Math.cos(Math.PI * (i + 1) / (size + 1)), within(1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 40})
  void aTurnedDiagonalHasItsEntriesSomeOfThemTwice(int size) {
    Random random = new Random(size);
    double[] expected = new double[size];
    for (int i = 0; i < size; i++) {
      expected[i] = i % 3 - 1 + (i > 3 ? i : 0);
    }
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      matrix[i][i] = expected[i];
    }
    for (int turn = 0; turn < 5 * size; turn++) {
      rotate(matrix, random.nextInt(size), random.nextInt(size), random.nextDouble(6));
    }
    Arrays.sort(expected);
    assertThat(Tridiagonal.of(matrix).eigenvalues()).containsExactly(expected, within(1e-9));
  }

  /// A rotation in the plane of two axes, on both sides of the matrix.
  private static void rotate(double[][] matrix, int a, int b, double angle) {
    if (a == b) {
      return;
    }
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    for (double[] row : matrix) {
      double first = row[a];
      row[a] = cos * first - sin * row[b];
      row[b] = sin * first + cos * row[b];
    }
    for (int i = 0; i < matrix.length; i++) {
      double first = matrix[a][i];
      matrix[a][i] = cos * first - sin * matrix[b][i];
      matrix[b][i] = sin * first + cos * matrix[b][i];
    }
  }

  @Test
  void nothingHasOnlyZeros() {
    assertThat(Tridiagonal.of(new double[7][7]).eigenvalues())
        .containsExactly(new double[7], within(1e-300));
  }

  @Test
  void aMatrixOfOnesHasOneDirection() {
    double[][] matrix = new double[9][9];
    for (double[] row : matrix) {
      Arrays.fill(row, 1);
    }
    double[] values = Tridiagonal.of(matrix).eigenvalues();
    assertThat(values[8]).isCloseTo(9, within(1e-12));
    assertThat(Arrays.copyOf(values, 8)).containsExactly(new double[8], within(1e-12));
  }
}
