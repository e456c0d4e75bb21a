package mmct.vision.augment;

import java.util.random.RandomGenerator;

/// Draws that allow a range of one value.
final class Draws {
  private Draws() {}

  /// A number from `least` (inclusive) to `most`.
  static double between(double least, double most, RandomGenerator random) {
    return least + (most - least) * random.nextDouble();
  }

  /// Whether something of a probability happens.
  static boolean happens(double probability, RandomGenerator random) {
    return random.nextDouble() < probability;
  }
}
