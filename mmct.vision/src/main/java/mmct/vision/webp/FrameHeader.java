package mmct.vision.webp;

import java.io.IOException;

/// What stands before the macroblocks of a key frame (RFC 6386, section 9).
///
/// @param mapped whether each macroblock says its segment
/// @param segmentProbabilities of the tree of segments: `[3]`
/// @param quantisers by segment
/// @param filter how edges are smoothed
/// @param partitions how many the coefficients are in
/// @param coefficients probabilities: `[4, 8, 3, 11]`
/// @param skipProbability that a macroblock has coefficients; 0 where all may have
record FrameHeader(
    boolean mapped,
    int[] segmentProbabilities,
    Quantiser[] quantisers,
    FilterLevels filter,
    int partitions,
    int[] coefficients,
    int skipProbability) {
  private static final int SEGMENTS = 4;

  /// Steps of coefficients: the first and the others.
  ///
  /// @param luma of luma
  /// @param means of the first coefficients of luma
  /// @param colour of colour differences
  record Quantiser(int[] luma, int[] means, int[] colour) {}

  static FrameHeader read(BoolReader in, Tables tables) throws IOException {
    in.number(2); // the colour space, and whether values need no clamping
    Segments segments = Segments.read(in);
    FilterLevels filter = FilterLevels.read(in, segments);
    int partitions = 1 << in.number(2);
    Quantiser[] quantisers = quantisers(in, segments, tables);
    in.number(1); // whether later frames, of which there are none, begin with these probabilities
    int[] coefficients = tables.coefficients().clone();
    for (int i = 0; i < coefficients.length; i++) {
      if (in.bit(tables.updates()[i]) == 1) {
        coefficients[i] = in.number(8);
      }
    }
    return new FrameHeader(
        segments.mapped(),
        segments.probabilities(),
        quantisers,
        filter,
        partitions,
        coefficients,
        in.flag() ? in.number(8) : 0);
  }

  /// Macroblocks that share a quantiser and a filter.
  ///
  /// @param used whether there are any
  /// @param absolute whether the values replace those of the frame, or are added to them
  record Segments(
      boolean used,
      boolean mapped,
      boolean absolute,
      int[] quantisers,
      int[] filters,
      int[] probabilities) {
    static Segments read(BoolReader in) throws IOException {
      int[] quantisers = new int[SEGMENTS];
      int[] filters = new int[SEGMENTS];
      int[] probabilities = {255, 255, 255};
      boolean used = in.flag();
      boolean mapped = used && in.flag();
      boolean absolute = false;
      if (used && in.flag()) {
        absolute = in.flag();
        for (int i = 0; i < SEGMENTS; i++) {
          quantisers[i] = in.optional(7);
        }
        for (int i = 0; i < SEGMENTS; i++) {
          filters[i] = in.optional(6);
        }
      }
      for (int i = 0; mapped && i < probabilities.length; i++) {
        probabilities[i] = in.flag() ? in.number(8) : 255;
      }
      return new Segments(used, mapped, absolute, quantisers, filters, probabilities);
    }

    /// The value of a segment.
    int of(int segment, int frame, int[] values) {
      return !used ? frame : absolute ? values[segment] : frame + values[segment];
    }
  }

  private static Quantiser[] quantisers(BoolReader in, Segments segments, Tables tables)
      throws IOException {
    int frame = in.number(7);
    int[] deltas = new int[5];
    for (int i = 0; i < deltas.length; i++) {
      deltas[i] = in.optional(4);
    }
    int[] first = tables.firstSteps();
    int[] other = tables.otherSteps();
    Quantiser[] quantisers = new Quantiser[SEGMENTS];
    for (int i = 0; i < SEGMENTS; i++) {
      int q = segments.of(i, frame, segments.quantisers());
      quantisers[i] =
          new Quantiser(
              new int[] {step(first, q + deltas[0], 127), step(other, q, 127)},
              new int[] {
                2 * step(first, q + deltas[1], 127),
                Math.max(8, step(other, q + deltas[2], 127) * 155 / 100)
              },
              new int[] {step(first, q + deltas[3], 117), step(other, q + deltas[4], 127)});
    }
    return quantisers;
  }

  private static int step(int[] steps, int quantiser, int most) {
    return steps[Math.clamp(quantiser, 0, most)];
  }
}
