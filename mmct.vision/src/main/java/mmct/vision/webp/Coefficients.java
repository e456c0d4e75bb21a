package mmct.vision.webp;

import java.io.IOException;
import java.util.Arrays;

/// Reads the coefficients of macroblocks (RFC 6386, section 13) and brings them back to samples
/// (section 14).
final class Coefficients {
  private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
  private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
  private static final int[][] LARGE = {
    {173, 148, 140},
    {176, 155, 140, 135},
    {180, 157, 141, 134, 130},
    {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}
  };

  /// Kinds of blocks: luma without its first coefficients, those, colour differences, all of luma.
  private static final int LUMA_BUT_FIRST = 0;

  private static final int FIRST_OF_LUMA = 1;
  private static final int COLOUR = 2;
  private static final int LUMA = 3;

  private static final int KIND = 8 * 3 * 11;
  private static final int BAND = 3 * 11;
  private static final int CONTEXT = 11;

  /// Which of the blocks of a side have coefficients: four of luma, two of each difference, and
  /// that of luma's first coefficients.
  private static final int SIDES = 9;

  private final int[] probabilities;
  private final boolean[][] above;
  private final boolean[] left = new boolean[SIDES];

  /// Of the macroblock that was read last: 16 blocks of luma, then four of each difference.
  private final int[] values = new int[24 * 16];

  Coefficients(int[] probabilities, int columns) {
    this.probabilities = probabilities;
    above = new boolean[columns][SIDES];
  }

  int[] values() {
    return values;
  }

  void startRow() {
    Arrays.fill(left, false);
  }

  /// Passes over a macroblock that has none.
  void skip(int column, boolean subblocks) {
    boolean[] top = above[column];
    int count =
        subblocks ? SIDES - 1 : SIDES; // blocks of 4 x 4 have no coefficients of their means
    Arrays.fill(top, 0, count, false);
    Arrays.fill(left, 0, count, false);
    Arrays.fill(values, 0);
  }

  /// Reads those of a macroblock.
  ///
  /// @return whether there are any
  boolean read(BoolReader in, int column, boolean subblocks, FrameHeader.Quantiser quantiser)
      throws IOException {
    Arrays.fill(values, 0);
    boolean[] top = above[column];
    int kind = LUMA;
    if (!subblocks) {
      means(in, top, quantiser.means());
      kind = LUMA_BUT_FIRST;
    }
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        block(in, kind, 4 * y + x, top, x, y, quantiser.luma());
      }
    }
    for (int block = 16; block < 24; block++) {
      int place = 4 + (block - 16) / 4 * 2;
      block(in, COLOUR, block, top, place + block % 2, place + block / 2 % 2, quantiser.colour());
    }
    for (int value : values) {
      if (value != 0) {
        return true;
      }
    }
    return false;
  }

  private void block(BoolReader in, int kind, int block, boolean[] top, int x, int y, int[] steps)
      throws IOException {
    int first = kind == LUMA_BUT_FIRST ? 1 : 0;
    int context = (top[x] ? 1 : 0) + (left[y] ? 1 : 0);
    int end = read(in, kind, context, first, steps, values, 16 * block);
    top[x] = end > first;
    left[y] = end > first;
  }

  /// The first coefficients of luma, which are transformed once more (section 14.3).
  private void means(BoolReader in, boolean[] top, int[] steps) throws IOException {
    int[] c = new int[16];
    int context = (top[SIDES - 1] ? 1 : 0) + (left[SIDES - 1] ? 1 : 0);
    boolean any = read(in, FIRST_OF_LUMA, context, 0, steps, c, 0) > 0;
    top[SIDES - 1] = any;
    left[SIDES - 1] = any;
    for (int i = 0; i < 4; i++) {
      int a = c[i] + c[12 + i];
      int b = c[4 + i] + c[8 + i];
      int d = c[4 + i] - c[8 + i];
      int e = c[i] - c[12 + i];
      c[i] = a + b;
      c[4 + i] = e + d;
      c[8 + i] = a - b;
      c[12 + i] = e - d;
    }
    for (int i = 0; i < 16; i += 4) {
      int a = c[i] + 3 + c[i + 3];
      int b = c[i + 1] + c[i + 2];
      int d = c[i + 1] - c[i + 2];
      int e = c[i] + 3 - c[i + 3];
      values[16 * i] = (a + b) >> 3;
      values[16 * (i + 1)] = (e + d) >> 3;
      values[16 * (i + 2)] = (a - b) >> 3;
      values[16 * (i + 3)] = (e - d) >> 3;
    }
  }

  /// Reads one block.
  ///
  /// @return the place after the last coefficient, which may be 0 all the same
  private int read(
      BoolReader in, int kind, int context, int first, int[] steps, int[] target, int at)
      throws IOException {
    int[] p = probabilities;
    int base = kind * KIND;
    int n = first;
    int now = base + BANDS[n] * BAND + context * CONTEXT;
    while (n < 16) {
      if (in.bit(p[now]) == 0) {
        return n;
      }
      while (in.bit(p[now + 1]) == 0) {
        n++;
        now = base + BANDS[n] * BAND;
        if (n == 16) {
          return 16;
        }
      }
      int next = base + BANDS[n + 1] * BAND;
      int value = 1;
      if (in.bit(p[now + 2]) == 1) {
        value = large(in, now);
        next += 2 * CONTEXT;
      } else {
        next += CONTEXT;
      }
      int step = steps[n > 0 ? 1 : 0];
      target[at + ZIGZAG[n]] = (in.bit(128) == 1 ? -value : value) * step;
      n++;
      now = next;
    }
    return 16;
  }

  private int large(BoolReader in, int now) throws IOException {
    int[] p = probabilities;
    if (in.bit(p[now + 3]) == 0) {
      return in.bit(p[now + 4]) == 0 ? 2 : 3 + in.bit(p[now + 5]);
    }
    if (in.bit(p[now + 6]) == 0) {
      if (in.bit(p[now + 7]) == 0) {
        return 5 + in.bit(159);
      }
      int two = 2 * in.bit(165);
      return 7 + two + in.bit(145);
    }
    int high = in.bit(p[now + 8]);
    int category = 2 * high + in.bit(p[now + 9 + high]);
    int value = 0;
    for (int probability : LARGE[category]) {
      value = 2 * value + in.bit(probability);
    }
    return value + 3 + (8 << category);
  }

  /// Adds a block to its prediction.
  void add(int block, Plane plane, int start) {
    int[] v = values;
    int from = 16 * block;
    int[] t = new int[16];
    for (int i = 0; i < 4; i++) {
      int at = from + i;
      int a = v[at] + v[at + 8];
      int b = v[at] - v[at + 8];
      int c = sine(v[at + 4]) - cosine(v[at + 12]);
      int d = cosine(v[at + 4]) + sine(v[at + 12]);
      t[4 * i] = a + d;
      t[4 * i + 1] = b + c;
      t[4 * i + 2] = b - c;
      t[4 * i + 3] = a - d;
    }
    for (int i = 0; i < 4; i++) {
      int mean = t[i] + 4;
      int a = mean + t[8 + i];
      int b = mean - t[8 + i];
      int c = sine(t[4 + i]) - cosine(t[12 + i]);
      int d = cosine(t[4 + i]) + sine(t[12 + i]);
      int at = start + i * plane.stride();
      plane.setClamped(at, plane.get(at) + ((a + d) >> 3));
      plane.setClamped(at + 1, plane.get(at + 1) + ((b + c) >> 3));
      plane.setClamped(at + 2, plane.get(at + 2) + ((b - c) >> 3));
      plane.setClamped(at + 3, plane.get(at + 3) + ((a - d) >> 3));
    }
  }

  /// The square root of 2 times the cosine of an eighth of a turn's half, in 16 bits of fraction.
  private static int cosine(int value) {
    return ((value * 20091) >> 16) + value;
  }

  /// The same of the sine.
  private static int sine(int value) {
    return (value * 35468) >> 16;
  }
}
