package mmct.losses;

import java.util.ArrayList;
import java.util.List;

/// The two views that a loss of two views compares.
final class Pairs {
  private Pairs() {}

  /// The rows that have both views: those of the first view, those of the second.
  static List<List<double[]>> of(LossCase given) {
    LossCase.Side side = given.sides().getFirst();
    boolean one = given.sides().size() == 1;
    double[][] first = given.query();
    double[][] second = one ? side.queries().get(1) : given.sides().get(1).queries().getFirst();
    List<double[]> left = new ArrayList<>();
    List<double[]> right = new ArrayList<>();
    for (int i = 0; i < given.n(); i++) {
      if (!one || side.has(1, i)) {
        left.add(first[i]);
        right.add(second[i]);
      }
    }
    return List.of(left, right);
  }
}
