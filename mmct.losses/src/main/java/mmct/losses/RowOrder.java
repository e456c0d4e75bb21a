package mmct.losses;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mmct.api.spi.LossInput;
import mmct.api.training.data.Seeds;

/// Chance that a loss may use: it follows from the step and the rows' stable numbers, so
/// that a run that is taken up again draws the same, and so that the order of the rows is of
/// no consequence.
///
/// @param byInstance the rows in the order of their stable numbers
/// @param step steps done
/// @param instances the stable numbers by row
record RowOrder(int[] byInstance, long step, long[] instances) {
  /// The order of an input's rows.
  static RowOrder of(LossInput input) {
    return of(input.instances(), input.step());
  }

  /// The order of rows.
  static RowOrder of(long[] instances, long step) {
    int[] order =
        IntStream.range(0, instances.length)
            .boxed()
            .sorted(Comparator.comparingLong(row -> instances[row]))
            .mapToInt(row -> row)
            .toArray();
    return new RowOrder(order, step, instances);
  }

  /// A random partner for each row, no two the same; a row may meet itself.
  ///
  /// @param purpose tells apart what is drawn in one step
  int[] partners(long purpose) {
    SplittableRandom random = random(step, purpose);
    int n = byInstance.length;
    int[] shuffled = byInstance.clone();
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = kept;
    }
    int[] partners = new int[n];
    for (int i = 0; i < n; i++) {
      partners[byInstance[i]] = shuffled[i];
    }
    return partners;
  }

  /// Chance for one row.
  SplittableRandom random(long purpose, int row) {
    return random(step, purpose, instances[row]);
  }

  /// A source of its own for every step, purpose and row. `SplittableRandom` itself goes from seed
  /// to seed by adding, so seeds that are added up would give several of them one stream.
  private static SplittableRandom random(long... what) {
    return new SplittableRandom(Seeds.hash(what));
  }

  /// The channels of features in random order, the same for every row.
  ///
  /// @param step steps done
  static long[] channels(int width, long step, long purpose) {
    long[] order = new long[width];
    Arrays.setAll(order, i -> i);
    SplittableRandom random = random(step, purpose);
    for (int i = width - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      long kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }
}
