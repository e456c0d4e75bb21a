package mmct.eval.retrieval;

import java.nio.DoubleBuffer;
import java.util.Arrays;
import mmct.api.spi.EvaluationContext.Features;

/// The features of one modality, the items of one instance beside each other.
///
/// Features are not copied: an item is a row of the values.
///
/// @param values row-major `[rows, width]`
/// @param width the width of a row
/// @param rows per item its row
/// @param starts per instance its first item, and in the end the number of items; no instance is
///     empty
record Items(float[] values, int width, int[] rows, int[] starts) {

  /// Groups features by instance; within an instance they keep their order.
  ///
  /// @param owners per row its instance, or -1 where it takes no part
  /// @param instances the number of instances
  static Items group(Features features, int[] owners, int instances) {
    int[] starts = new int[instances + 1];
    for (int owner : owners) {
      if (owner >= 0) {
        starts[owner + 1]++;
      }
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] rows = new int[starts[instances]];
    int[] next = starts.clone();
    for (int row = 0; row < owners.length; row++) {
      if (owners[row] >= 0) {
        rows[next[owners[row]]++] = row;
      }
    }
    return new Items(features.values(), features.width(), rows, starts);
  }

  /// The number of items.
  int count() {
    return rows.length;
  }

  /// The number of instances.
  int instances() {
    return starts.length - 1;
  }

  /// The items of the instances `from` (inclusive) to `to` (exclusive).
  Items range(int from, int to) {
    int first = starts[from];
    int[] moved = Arrays.stream(starts, from, to + 1).map(start -> start - first).toArray();
    return new Items(values, width, Arrays.copyOfRange(rows, first, starts[to]), moved);
  }

  /// Per item its instance.
  int[] owners() {
    int[] owners = new int[count()];
    for (int instance = 0; instance < instances(); instance++) {
      Arrays.fill(owners, starts[instance], starts[instance + 1], instance);
    }
    return owners;
  }

  /// Writes the features of the items `from` (inclusive) to `to` (exclusive).
  void copyTo(DoubleBuffer target, int from, int to) {
    for (int item = from; item < to; item++) {
      int offset = rows[item] * width;
      for (int i = offset; i < offset + width; i++) {
        target.put(values[i]);
      }
    }
  }

  /// The dot product of an item with one of other items; a product of two floats is exact.
  double dot(int item, Items others, int other) {
    int mine = rows[item] * width;
    int its = others.rows[other] * width;
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += (double) values[mine + i] * others.values[its + i];
    }
    return sum;
  }

  /// The largest Euclidean norm of an item.
  double largestNorm() {
    double largest = 0;
    for (int item = 0; item < count(); item++) {
      largest = Math.max(largest, dot(item, this, item));
    }
    return Math.sqrt(largest);
  }
}
