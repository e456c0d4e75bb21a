package mmct.vision.webp;

import java.io.IOException;
import java.util.Arrays;

/// A key frame while it is decoded, macroblock by macroblock of 16 x 16 pixels.
final class Frame {
  /// The tree of modes of blocks of 4 x 4 (RFC 6386, section 11.2): what follows a bit of 0 and of
  /// 1, by place; a leaf is its mode's complement.
  private static final int[][] SUBBLOCK_MODES = {
    {~Prediction.B_MEAN, 1},
    {~Prediction.B_TRUE_MOTION, 2},
    {~Prediction.B_VERTICAL, 3},
    {4, 6},
    {~Prediction.B_HORIZONTAL, 5},
    {~Prediction.B_RIGHT_DOWN, ~Prediction.B_VERTICAL_RIGHT},
    {~Prediction.B_LEFT_DOWN, 7},
    {~Prediction.B_VERTICAL_LEFT, 8},
    {~Prediction.B_HORIZONTAL_DOWN, ~Prediction.B_HORIZONTAL_UP}
  };

  private static final int SUBBLOCKS = -1; // where a macroblock has no mode of its own

  private final FrameHeader header;
  private final Tables tables;
  private final int columns;
  private final int rows;
  private final Plane luma;
  private final Plane blue;
  private final Plane red;
  private final Coefficients coefficients;
  private final int[] modesAbove;
  private final int[] modesLeft = new int[4];
  private final int[] modes = new int[16]; // of the blocks of a macroblock
  private final byte[] levels; // of the filter, by macroblock
  private final boolean[] inner;

  Frame(FrameHeader header, Tables tables, int columns, int rows) {
    this.header = header;
    this.tables = tables;
    this.columns = columns;
    this.rows = rows;
    luma = Plane.of(16 * columns, 16 * rows);
    blue = Plane.of(8 * columns, 8 * rows);
    red = Plane.of(8 * columns, 8 * rows);
    coefficients = new Coefficients(header.coefficients(), columns);
    modesAbove = new int[4 * columns];
    levels = new byte[columns * rows];
    inner = new boolean[columns * rows];
  }

  Colours decode(BoolReader in, BoolReader[] partitions) throws IOException {
    for (int row = 0; row < rows; row++) {
      Arrays.fill(modesLeft, Prediction.B_MEAN);
      coefficients.startRow();
      for (int column = 0; column < columns; column++) {
        macroblock(in, partitions[row % partitions.length], column, row);
      }
    }
    LoopFilter filter = new LoopFilter(header.filter(), luma, blue, red);
    for (int i = 0; i < levels.length; i++) {
      filter.apply(i % columns, i / columns, levels[i], inner[i]);
    }
    return new Colours(luma, blue, red);
  }

  private void macroblock(BoolReader in, BoolReader data, int column, int row) throws IOException {
    int segment = header.mapped() ? segment(in) : 0;
    boolean empty = header.skipProbability() > 0 && in.bit(header.skipProbability()) == 1;
    int mode = lumaMode(in, column);
    int colourMode = colourMode(in);
    boolean subblocks = mode == SUBBLOCKS;
    boolean any = false;
    if (empty) {
      coefficients.skip(column, subblocks);
    } else {
      any = coefficients.read(data, column, subblocks, header.quantisers()[segment]);
    }
    levels[row * columns + column] = (byte) header.filter().levels()[segment][subblocks ? 1 : 0];
    inner[row * columns + column] = subblocks || any;
    if (subblocks) {
      lumaBlocks(column, row);
    } else {
      Prediction.square(luma, 16 * column, 16 * row, 16, mode);
      add(luma, 16 * column, 16 * row, 4, 0);
    }
    Prediction.square(blue, 8 * column, 8 * row, 8, colourMode);
    add(blue, 8 * column, 8 * row, 2, 16);
    Prediction.square(red, 8 * column, 8 * row, 8, colourMode);
    add(red, 8 * column, 8 * row, 2, 20);
  }

  private int segment(BoolReader in) throws IOException {
    int[] p = header.segmentProbabilities();
    return in.bit(p[0]) == 0 ? in.bit(p[1]) : 2 + in.bit(p[2]);
  }

  private int lumaMode(BoolReader in, int column) throws IOException {
    if (in.bit(145) == 0) {
      subblockModes(in, column);
      return SUBBLOCKS;
    }
    int mode =
        in.bit(156) == 0
            ? in.bit(163) == 0 ? Prediction.MEAN : Prediction.VERTICAL
            : in.bit(128) == 0 ? Prediction.HORIZONTAL : Prediction.TRUE_MOTION;
    int alike =
        switch (mode) {
          case Prediction.VERTICAL -> Prediction.B_VERTICAL;
          case Prediction.HORIZONTAL -> Prediction.B_HORIZONTAL;
          case Prediction.TRUE_MOTION -> Prediction.B_TRUE_MOTION;
          default -> Prediction.B_MEAN;
        };
    Arrays.fill(modesAbove, 4 * column, 4 * column + 4, alike);
    Arrays.fill(modesLeft, alike);
    return mode;
  }

  private void subblockModes(BoolReader in, int column) throws IOException {
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        int probabilities = 9 * (10 * modesAbove[4 * column + x] + modesLeft[y]);
        int place = 0;
        while (place >= 0) {
          place = SUBBLOCK_MODES[place][in.bit(tables.subblockModes()[probabilities + place])];
        }
        modes[4 * y + x] = ~place;
        modesAbove[4 * column + x] = ~place;
        modesLeft[y] = ~place;
      }
    }
  }

  private static int colourMode(BoolReader in) throws IOException {
    if (in.bit(142) == 0) {
      return Prediction.MEAN;
    }
    if (in.bit(114) == 0) {
      return Prediction.VERTICAL;
    }
    return in.bit(183) == 0 ? Prediction.HORIZONTAL : Prediction.TRUE_MOTION;
  }

  private void add(Plane plane, int left, int top, int side, int firstBlock) {
    for (int i = 0; i < side * side; i++) {
      coefficients.add(
          firstBlock + i, plane, plane.at(left + 4 * (i % side), top + 4 * (i / side)));
    }
  }

  /// Blocks of 4 x 4, each of which is predicted from those before it.
  private void lumaBlocks(int column, int row) {
    int[] right = right(column, row);
    int[] edge = new int[13];
    for (int i = 0; i < 16; i++) {
      int start = luma.at(16 * column + i % 4 * 4, 16 * row + i / 4 * 4);
      int above = start - luma.stride();
      for (int k = 0; k < 4; k++) {
        edge[3 - k] = luma.get(start + k * luma.stride() - 1);
        edge[5 + k] = luma.get(above + k);
        // Right of the macroblock nothing is there yet but what is above it.
        edge[9 + k] = i % 4 == 3 ? right[k] : luma.get(above + 4 + k);
      }
      edge[4] = luma.get(above - 1);
      Prediction.block(luma, start, edge, modes[i]);
      coefficients.add(i, luma, start);
    }
  }

  /// The four samples above and to the right of a macroblock; at the right edge of the picture the
  /// last above it.
  private int[] right(int column, int row) {
    int above = luma.at(16 * column + 16, 16 * row - 1);
    int[] right = new int[4];
    for (int k = 0; k < 4; k++) {
      boolean edge = row > 0 && column == columns - 1;
      right[k] = luma.get(edge ? above - 1 : above + k);
    }
    return right;
  }
}
