package mmct.vision.webp;

import java.io.IOException;

/// How strongly edges of blocks are smoothed (RFC 6386, sections 9.6 and 15).
///
/// @param simple whether only luma is filtered, and by the simple filter
/// @param sharpness from 0 to 7
/// @param levels by segment and whether luma is predicted in blocks of 4 x 4: `[4, 2]`, from 0,
///     which is none, to 63
record FilterLevels(boolean simple, int sharpness, int[][] levels) {
  static FilterLevels read(BoolReader in, FrameHeader.Segments segments) throws IOException {
    boolean simple = in.flag();
    int frame = in.number(6);
    int sharpness = in.number(3);
    int ofKeyFrames = 0;
    int ofSubblocks = 0;
    boolean adjusted = in.flag();
    if (adjusted && in.flag()) {
      ofKeyFrames = in.optional(6);
      skip(in, 3);
      ofSubblocks = in.optional(6);
      skip(in, 3);
    }
    int[][] levels = new int[4][2];
    for (int segment = 0; frame > 0 && segment < levels.length; segment++) {
      int level = segments.of(segment, frame, segments.filters()) + ofKeyFrames;
      levels[segment][0] = Math.clamp(level, 0, 63);
      levels[segment][1] = Math.clamp(level + ofSubblocks, 0, 63);
    }
    return new FilterLevels(simple, sharpness, levels);
  }

  private static void skip(BoolReader in, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      in.optional(6);
    }
  }

  /// How far neighbours may differ within a block whose edge is smoothed.
  int interior(int level) {
    int limit = level >> (sharpness > 4 ? 2 : sharpness > 0 ? 1 : 0);
    return Math.max(1, sharpness > 0 ? Math.min(limit, 9 - sharpness) : limit);
  }
}
