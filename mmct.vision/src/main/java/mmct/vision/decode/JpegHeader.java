package mmct.vision.decode;

import java.io.ByteArrayOutputStream;
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
record JpegHeader(
    int width, int height, Colour colour, Orientation orientation, byte[] bare, boolean evident) {
  /// How the components of a JPEG file make a colour.
  enum Colour {
    /// One component.
    GREY,
    /// Luma and two colour differences (JFIF).
    YCBCR,
    /// Red, green, blue.
    RGB,
    /// Four inks, more is darker.
    CMYK,
    /// Four inks as Adobe writes them, more is lighter.
    INVERTED_CMYK,
    /// Three inks as luma and colour differences, and black; as Adobe writes them.
    INVERTED_YCCK
  }

  /// A progressive file may cut its coefficients into any number of scans, each of which costs a
  /// pass over the whole picture; encoders write about ten.
  private static final int MOST_SCANS = 500;

  private static final int START_OF_SCAN = 0xda;

  static boolean looksLikeJpeg(byte[] content) {
    return content.length >= 3
        && (content[0] & 0xff) == 0xff
        && (content[1] & 0xff) == 0xd8
        && (content[2] & 0xff) == 0xff;
  }

  /// Columns of the picture as it was seen.
  int uprightWidth() {
    return orientation.swapsAxes() ? height : width;
  }

  /// Rows of the picture as it was seen.
  int uprightHeight() {
    return orientation.swapsAxes() ? width : height;
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
    private Orientation orientation = Orientation.UPRIGHT;

    Parser(byte[] content, String name) {
      this.content = content;
      this.name = name;
      bare = new ByteArrayOutputStream(content.length);
    }

    JpegHeader parse() {
      bare.write(content, 0, 2);
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
        orientation = Orientation.ofExif(content, position + 10, position + 2 + length);
      } else if (marker == 0xee && length >= 14 && startsWith(position + 4, "Adobe")) {
        adobeTransform = OptionalInt.of(content[position + 15] & 0xff);
      }
    }

    private static boolean isFrame(int marker) {
      return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private JpegHeader header(int scan) {
      if (frame < 0) {
        throw new BrokenCellException(
            name + " is not a readable JPEG file: it has no frame before its first scan");
      }
      if (frameMarker == 0xc2 && scans(scan) > MOST_SCANS) {
        throw new BrokenCellException(
            "%s has more than %d progressive scans, which no encoder writes"
                .formatted(name, MOST_SCANS));
      }
      Colour colour = colour();
      return new JpegHeader(
          unsignedShort(frame + 3),
          unsignedShort(frame + 1),
          colour,
          orientation,
          bare.toByteArray(),
          evident(colour));
    }

    /// By the rules of the Independent JPEG Group's library, which every reader follows.
    private Colour colour() {
      int components = content[frame + 5] & 0xff;
      return switch (components) {
        case 1 -> Colour.GREY;
        case 3 -> threeComponents();
        case 4 -> {
          if (adobeTransform.isEmpty()) {
            yield Colour.CMYK;
          }
          yield adobeTransform.getAsInt() == 2 ? Colour.INVERTED_YCCK : Colour.INVERTED_CMYK;
        }
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
        case CMYK, INVERTED_CMYK, INVERTED_YCCK -> false;
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
