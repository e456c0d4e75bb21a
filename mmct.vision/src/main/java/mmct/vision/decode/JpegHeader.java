package mmct.vision.decode;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.OptionalInt;
import mmct.api.data.BrokenCellException;

/// What stands before the first scan of a JPEG file (ITU-T T.81, annex B).
///
/// @param width columns
/// @param height rows
/// @param colour how the components make a colour
/// @param orientation the EXIF orientation from 1 to 8
/// @param bare the file without its application segments and comments, which is all that decoding
///     needs: broken colour profiles and thumbnails cannot disturb what is not there
/// @param evident whether the colour can be told from the bare file too
/// @param halfColourRows whether the colour differences have half as many rows as luma and as many
///     columns, as where a camera's picture has been turned without loss
/// @param leastBytes what so large a picture takes at least, whatever it shows
record JpegHeader(
    int width,
    int height,
    Colour colour,
    Orientation orientation,
    byte[] bare,
    boolean evident,
    boolean halfColourRows,
    long leastBytes) {
  /// How the components of a JPEG file make a colour.
  enum Colour {
    /// One component.
    GREY,
    /// Luma and two colour differences (JFIF).
    YCBCR,
    /// Red, green, blue.
    RGB,
    /// Four inks, more is lighter: so Adobe writes them, and so all readers take them, with
    /// Adobe's marker and without.
    CMYK,
    /// Three inks as luma and colour differences, and black, more is lighter.
    YCCK
  }

  /// A progressive file may cut its coefficients into any number of scans, each of which costs a
  /// pass over the whole picture; encoders write about ten.
  private static final int MOST_SCANS = 500;

  private static final int START_OF_SCAN = 0xda;

  private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";

  /// The markers of frames, in this order: baseline, extended, progressive; lossless and
  /// differential; arithmetic.
  private static final int PROGRESSIVE = 0xc2;

  private static final int DIFFERENTIAL_LOSSLESS = 0xc7;

  /// Columns of the picture as it was seen.
  int uprightWidth() {
    return orientation.swapsAxes() ? height : width;
  }

  /// Rows of the picture as it was seen.
  int uprightHeight() {
    return orientation.swapsAxes() ? width : height;
  }

  /// The picture as it was seen.
  ///
  /// @param stored the pixels as the file has them
  /// @param eighths the scale to which they have been reduced
  Decoded upright(Pixels stored, int eighths) {
    Pixels seen = orientation.upright(stored);
    return new Decoded(
        seen,
        eighths,
        orientation.mirrorsColumns() ? beyond(seen.width(), uprightWidth(), eighths) : 0,
        orientation.mirrorsRows() ? beyond(seen.height(), uprightHeight(), eighths) : 0);
  }

  /// How far the last pixel of a reduced side reaches beyond the picture, in pixels.
  private static double beyond(int pixels, int length, int eighths) {
    return pixels - (double) length * eighths / Decoded.WHOLE;
  }

  static JpegHeader read(byte[] content, String name) {
    return new Parser(content, name).parse();
  }

  private static final class Parser {
    private final byte[] content;
    private final String name;
    private final ByteArrayOutputStream bare;
    private int frame = -1;
    private int frameMarker;
    private OptionalInt adobeTransform = OptionalInt.empty();
    private boolean jfif;
    private Optional<Orientation> exif = Optional.empty();
    private Optional<Orientation> xmp = Optional.empty();

    Parser(byte[] content, String name) {
      this.content = content;
      this.name = name;
      bare = new ByteArrayOutputStream(UsualTables.SEGMENT.length + content.length);
    }

    JpegHeader parse() {
      bare.write(content, 0, 2);
      bare.writeBytes(UsualTables.SEGMENT);
      int position = nextSegment(2);
      while (marker(position) != START_OF_SCAN) {
        int length = length(position);
        segment(position, length);
        position = nextSegment(position + 2 + length);
      }
      bare.write(content, position, content.length - position);
      return header(position);
    }

    /// The next segment at or after a position. As in other readers, stray bytes between segments
    /// do not matter; neither do the markers that stand alone.
    private int nextSegment(int from) {
      for (int i = from; i + 4 <= content.length; i++) {
        int marker = marker(i);
        if ((content[i] & 0xff) == 0xff
            && marker >= 0xc0
            && marker < 0xff
            && (marker < 0xd0 || marker > 0xd9)) {
          return i;
        }
      }
      throw endsEarly();
    }

    private int marker(int position) {
      return content[position + 1] & 0xff;
    }

    private int length(int position) {
      int length = unsignedShort(position + 2);
      if (length < 2 || position + 2 + length > content.length) {
        throw endsEarly();
      }
      return length;
    }

    private void segment(int position, int length) {
      int marker = marker(position);
      boolean application = marker >= 0xe0 && marker <= 0xef;
      if (!application && marker != 0xfe) {
        bare.write(content, position, length + 2);
      }
      if (isFrame(marker)) {
        frame = position + 4;
        frameMarker = marker;
        if (length < 8 || length < 8 + 3 * (content[frame + 5] & 0xff)) {
          throw endsEarly();
        }
      } else if (marker == 0xe0 && startsWith(position + 4, "JFIF\0")) {
        jfif = true;
      } else if (marker == 0xe1 && startsWith(position + 4, "Exif\0\0")) {
        exif = exif.or(() -> Exif.inBlock(content, position + 10, position + 2 + length));
      } else if (marker == 0xe1 && startsWith(position + 4, XMP)) {
        xmp = xmp.or(() -> Exif.inXmp(content, position + 4, position + 2 + length));
      } else if (marker == 0xee && length >= 14 && startsWith(position + 4, "Adobe")) {
        adobeTransform = OptionalInt.of(content[position + 15] & 0xff);
      }
    }

    private static boolean isFrame(int marker) {
      return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private JpegHeader header(int scan) {
      checkFrame();
      if (frameMarker == PROGRESSIVE && scans(scan) > MOST_SCANS) {
        throw new BrokenCellException(
            "%s has more than %d progressive scans, which no encoder writes"
                .formatted(name, MOST_SCANS));
      }
      Colour colour = colour();
      return new JpegHeader(
          unsignedShort(frame + 3),
          unsignedShort(frame + 1),
          colour,
          exif.or(() -> xmp).orElse(Orientation.UPRIGHT),
          bare.toByteArray(),
          evident(colour),
          colour == Colour.YCBCR
              && sampling(0) == 0x12
              && sampling(1) == 0x11
              && sampling(2) == 0x11,
          leastBytes());
    }

    /// What not every decoder reads is refused here, so that a file is read by all or by none.
    private void checkFrame() {
      if (frame < 0) {
        throw new BrokenCellException(
            name + " is not a readable JPEG file: it has no frame before its first scan");
      }
      if (frameMarker > PROGRESSIVE) {
        throw new BrokenCellException(
            "%s is a JPEG file with %s coding; baseline and progressive files with Huffman coding can be read"
                .formatted(
                    name,
                    frameMarker > DIFFERENTIAL_LOSSLESS
                        ? "arithmetic"
                        : "lossless or hierarchical"));
      }
      int bits = content[frame] & 0xff;
      if (bits != 8) {
        throw new BrokenCellException(
            "%s is a JPEG file of %d bits per component; 8 can be read".formatted(name, bits));
      }
    }

    /// A block costs at least one bit in a progressive file, and two, of its mean and of its end,
    /// in others.
    private long leastBytes() {
      int across = 1;
      int down = 1;
      int components = content[frame + 5] & 0xff;
      for (int i = 0; i < components; i++) {
        across = Math.max(across, sampling(i) >> 4);
        down = Math.max(down, sampling(i) & 0xf);
      }
      long blocks = 0;
      for (int i = 0; i < components; i++) {
        blocks +=
            blocks(unsignedShort(frame + 3), sampling(i) >> 4, across)
                * blocks(unsignedShort(frame + 1), sampling(i) & 0xf, down);
      }
      return blocks * (frameMarker == PROGRESSIVE ? 1 : 2) / Byte.SIZE;
    }

    private static long blocks(int length, int sampling, int most) {
      return Math.ceilDiv(Math.ceilDiv((long) length * sampling, most), 8L);
    }

    private int sampling(int component) {
      return content[frame + 7 + 3 * component] & 0xff;
    }

    /// By the rules of the Independent JPEG Group's library, which every reader follows.
    private Colour colour() {
      int components = content[frame + 5] & 0xff;
      return switch (components) {
        case 1 -> Colour.GREY;
        case 3 -> threeComponents();
        case 4 -> adobeTransform.equals(OptionalInt.of(2)) ? Colour.YCCK : Colour.CMYK;
        default ->
            throw new BrokenCellException(
                "%s is a JPEG file of %d components; 1, 3 or 4 can be read"
                    .formatted(name, components));
      };
    }

    private Colour threeComponents() {
      if (jfif) {
        return Colour.YCBCR;
      }
      if (adobeTransform.isPresent()) {
        return adobeTransform.getAsInt() == 0 ? Colour.RGB : Colour.YCBCR;
      }
      return namedRgb() ? Colour.RGB : Colour.YCBCR;
    }

    private boolean namedRgb() {
      return content[frame + 6] == 'R' && content[frame + 9] == 'G' && content[frame + 12] == 'B';
    }

    /// Without its application segments a file of three components shows its names alone.
    private boolean evident(Colour colour) {
      return switch (colour) {
        case GREY -> true;
        case RGB -> namedRgb();
        case YCBCR -> !namedRgb();
        case CMYK, YCCK -> false;
      };
    }

    private int scans(int from) {
      int scans = 0;
      for (int i = from; i + 1 < content.length; i++) {
        if ((content[i] & 0xff) == 0xff && (content[i + 1] & 0xff) == START_OF_SCAN) {
          scans++;
        }
      }
      return scans;
    }

    private int unsignedShort(int position) {
      return ((content[position] & 0xff) << 8) | (content[position + 1] & 0xff);
    }

    private boolean startsWith(int position, String text) {
      if (position + text.length() > content.length) {
        return false;
      }
      for (int i = 0; i < text.length(); i++) {
        if (content[position + i] != text.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    private BrokenCellException endsEarly() {
      return new BrokenCellException(name + " is a truncated JPEG file: it ends within its header");
    }
  }
}
