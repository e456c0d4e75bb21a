package mmct.api.training.data;

/// Seeds that depend on what they are for and on nothing else, such as hash(run, epoch, sample).
public final class Seeds {
  /// The increment of SplitMix64: 2^64 divided by the golden ratio, made odd.
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private Seeds() {}

  /// A hash of the numbers in their order; every bit of every number reaches every bit of it.
  public static long hash(long... parts) {
    long hash = GAMMA;
    for (long part : parts) {
      hash = mix((hash ^ part) + GAMMA);
    }
    return hash;
  }

  /// A permutation of 0 (inclusive) to `size` (exclusive).
  ///
  /// Fisher and Yates' shuffle on SplitMix64, written out here because the order of an epoch must
  /// not change with the Java version that resumes it.
  public static int[] permutation(int size, long seed) {
    int[] order = new int[size];
    long state = seed;
    for (int i = 0; i < size; i++) {
      state += GAMMA;
      int other = (int) Math.unsignedMultiplyHigh(mix(state), i + 1L);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014, with Stafford's constants).
  static long mix(long bits) {
    bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
    return bits ^ (bits >>> 31);
  }
}
