package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The determinants of the Gram matrices of every anchor with every tuple of others, by
/// Laplace's expansion along the rows. A polynomial has a gradient everywhere, also where
/// vectors coincide; an elimination would divide by what is zero there.
final class GramDeterminant {
  /// `[n, n]` where an anchor takes part (anchor by tuple), else `[n]` (tuple).
  private final NDArray[][] matrix;

  private final Map<Integer, NDArray> minors = new HashMap<>();

  private GramDeterminant(List<NDArray> features) {
    int size = features.size();
    matrix = new NDArray[size][size];
    NDArray anchor = features.getFirst();
    matrix[0][0] = dots(anchor, anchor).reshape(-1, 1); // [n, 1]
    for (int i = 1; i < size; i++) {
      matrix[0][i] = anchor.matMul(features.get(i).transpose()); // [n, n]
      matrix[i][0] = matrix[0][i];
      for (int j = 1; j <= i; j++) {
        matrix[i][j] = dots(features.get(i), features.get(j)); // [n]
        matrix[j][i] = matrix[i][j];
      }
    }
  }

  private static NDArray dots(NDArray left, NDArray right) {
    return left.mul(right).sum(new int[] {1});
  }

  /// Determinants of anchor i with tuple j, `[n, n]`; what rounding made negative is zero.
  ///
  /// @param features the anchors `[n, d]` and then the members of the tuples, `[n, d]` each
  static NDArray of(List<NDArray> features) {
    NDArray determinant =
        new GramDeterminant(features).minor(0, (1 << features.size()) - 1); // [n, n]
    // A determinant of zero is the least there is, so its gradient is zero and not half of
    // rounding.
    return Activation.relu(determinant);
  }

  /// The determinant of the rows from one on and of the columns that are left.
  private NDArray minor(int row, int columns) {
    NDArray known = minors.get(columns);
    if (known != null) {
      return known;
    }
    List<NDArray> products = new ArrayList<>();
    boolean negative = false;
    for (int column = 0; column < matrix.length; column++) {
      int bit = 1 << column;
      if ((columns & bit) != 0) {
        NDArray entry = negative ? matrix[row][column].neg() : matrix[row][column];
        products.add(columns == bit ? entry : entry.mul(minor(row + 1, columns & ~bit)));
        negative = !negative;
      }
    }
    NDArray sum = products.stream().reduce(NDArray::add).orElseThrow();
    minors.put(columns, sum);
    return sum;
  }
}
