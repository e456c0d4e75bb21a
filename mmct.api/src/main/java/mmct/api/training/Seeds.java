package mmct.api.training;

/// Seeds derived from the run's seed and the place where they are used, so that randomness never
/// depends on the order in which threads happen to run.
public final class Seeds {
  private Seeds() {}

  /// A seed for a place named by numbers, such as (run, epoch, sample).
  public static long mix(long seed, long... place) {
    long mixed = scramble(seed + 0x9E3779B97F4A7C15L);
    for (long number : place) {
      mixed = scramble(mixed ^ scramble(number + 0x9E3779B97F4A7C15L));
    }
    return mixed;
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
  private static long scramble(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
