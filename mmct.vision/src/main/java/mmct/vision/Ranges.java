package mmct.vision;

import java.util.List;

/// Checks settings that are ranges.
final class Ranges {
  private Ranges() {}

  /// A list of two numbers of which the second is not smaller.
  static List<Double> checked(String name, List<Double> range) {
    if (range.size() != 2 || !(range.get(0) <= range.get(1))) {
      throw new IllegalArgumentException(
          "%s must be two numbers, the smaller first, but was %s".formatted(name, range));
    }
    return List.copyOf(range);
  }
}
