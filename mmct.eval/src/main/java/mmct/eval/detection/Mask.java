package mmct.eval.detection;

import java.util.Arrays;

/// A binary mask by the lengths of its runs: zeros, ones, zeros, and so on, down the columns, as
/// COCO keeps masks.
///
/// @param height rows of the image
/// @param width columns of the image
/// @param runs lengths of the runs, zeros first; their sum is height × width
record Mask(int height, int width, int... runs) implements Region {
  /// The bit of a digit that says that more follow.
  private static final int MORE = 0x20;

  /// The most digits of a number that has 32 bits and a sign.
  private static final int LONGEST_NUMBER = 7;

  /// A mask of lengths that are given, as COCO's uncompressed form.
  ///
  /// @throws IllegalArgumentException where they are not lengths of that image
  static Mask of(int height, int width, int... runs) {
    long sum = 0;
    for (int run : runs) {
      if (run < 0) {
        throw new IllegalArgumentException("a run of a mask has the length " + run);
      }
      sum += run;
    }
    if (sum != (long) height * width) {
      throw new IllegalArgumentException(
          "the runs of a mask must fill %d x %d pixels but fill %d".formatted(height, width, sum));
    }
    return new Mask(height, width, runs);
  }

  /// Reads COCO's compressed form: each length is a number of five bits a character, lowest first,
  /// the sixth bit says that more follow; from the fourth on it is the difference to the length two
  /// before.
  ///
  /// @throws IllegalArgumentException where the text is not such a mask of that image
  static Mask parse(int height, int width, String text) {
    int[] runs = new int[text.length()];
    int count = 0;
    int from = 0;
    while (from < text.length()) {
      int to = endOfNumber(text, from);
      long value = number(text, from, to);
      long run = count > 2 ? value + runs[count - 2] : value;
      if (run < 0 || run > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a run of a mask has the length " + run);
      }
      runs[count++] = (int) run;
      from = to;
    }
    return of(height, width, Arrays.copyOf(runs, count));
  }

  private static int endOfNumber(String text, int from) {
    int end = from;
    while (end < text.length() && end - from < LONGEST_NUMBER) {
      if ((digit(text, end++) & MORE) == 0) {
        return end;
      }
    }
    throw new IllegalArgumentException("a compressed mask ends within a number");
  }

  private static long number(String text, int from, int to) {
    // The highest bit of the last digit is the sign.
    long value = (digit(text, to - 1) & 0x10) == 0 ? 0 : -1;
    for (int i = to - 1; i >= from; i--) {
      value = value << 5 | (digit(text, i) & 0x1f);
    }
    return value;
  }

  private static int digit(String text, int at) {
    int digit = text.charAt(at) - '0';
    if (digit < 0 || digit > 63) {
      throw new IllegalArgumentException(
          "a compressed mask has the characters '0' to 'o' but '%s' was among them"
              .formatted(text.charAt(at)));
    }
    return digit;
  }

  @Override
  public double area() {
    long area = 0;
    for (int i = 1; i < runs.length; i += 2) {
      area += runs[i];
    }
    return area;
  }

  @Override
  public double intersection(Region region) {
    if (!(region instanceof Mask other)) {
      throw new IllegalArgumentException("a mask is compared with masks only");
    }
    long common = 0;
    int mine = 0;
    int its = 0;
    long left = runs.length > 0 ? runs[0] : 0;
    long otherLeft = other.runs.length > 0 ? other.runs[0] : 0;
    while (mine < runs.length && its < other.runs.length) {
      long step = Math.min(left, otherLeft);
      if ((mine & its & 1) == 1) {
        common += step;
      }
      left -= step;
      otherLeft -= step;
      if (left == 0 && ++mine < runs.length) {
        left = runs[mine];
      }
      if (otherLeft == 0 && ++its < other.runs.length) {
        otherLeft = other.runs[its];
      }
    }
    return common;
  }

  /// The pixels that either has; both are of one image.
  Mask union(Mask other) {
    int[] merged = new int[runs.length + other.runs.length];
    int count = 0;
    boolean one = false;
    int mine = 0;
    int its = 0;
    long left = runs.length > 0 ? runs[0] : 0;
    long otherLeft = other.runs.length > 0 ? other.runs[0] : 0;
    while (mine < runs.length && its < other.runs.length) {
      boolean now = (mine & 1) == 1 || (its & 1) == 1;
      if (now != one) {
        count++;
        one = now;
      }
      long step = Math.min(left, otherLeft);
      merged[count] += (int) step;
      left -= step;
      otherLeft -= step;
      if (left == 0 && ++mine < runs.length) {
        left = runs[mine];
      }
      if (otherLeft == 0 && ++its < other.runs.length) {
        otherLeft = other.runs[its];
      }
    }
    return new Mask(height, width, Arrays.copyOf(merged, Math.min(count + 1, merged.length)));
  }
}
