package mmct.losses;

/// Rules for numbers that come from Java; those of a configuration were checked when it was
/// read.
final class Rule {
  private Rule() {}

  static void above(double bound, String name, double value) {
    if (!(value > bound)) {
      throw new IllegalArgumentException(
          "%s must be above %s but was %s".formatted(name, plain(bound), plain(value)));
    }
  }

  static void atLeast(double bound, String name, double value) {
    if (!(value >= bound)) {
      throw new IllegalArgumentException(
          "%s must be at least %s but was %s".formatted(name, plain(bound), plain(value)));
    }
  }

  static void between(double least, double most, String name, double value) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s must be %s to %s but was %s"
              .formatted(name, plain(least), plain(most), plain(value)));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
