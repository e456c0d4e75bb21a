package mmct.vision.decode;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/// Reads the samples of a [BufferedImage] as they are stored.
///
/// `BufferedImage.getRGB` would convert grey and inks by profiles, which brightens both, and reads
/// pixel by pixel.
final class BufferedImages {
  private BufferedImages() {}

  /// The picture as red, green, blue; transparency is laid over white.
  static Pixels toPixels(BufferedImage image) {
    byte[] rgb = new byte[Math.multiplyExact(3, image.getWidth() * image.getHeight())];
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel palette) {
      indexed(image.getRaster(), palette, rgb);
    } else if (isPlain(model)) {
      components(image.getRaster(), model, rgb);
    } else {
      converted(image, rgb);
    }
    return new Pixels(rgb, image.getWidth(), image.getHeight());
  }

  private static boolean isPlain(ColorModel model) {
    int type = model.getColorSpace().getType();
    return switch (model.getNumColorComponents()) {
      case 1 -> type == ColorSpace.TYPE_GRAY;
      case 3 -> type == ColorSpace.TYPE_RGB;
      case 4 -> type == ColorSpace.TYPE_CMYK;
      default -> false;
    };
  }

  private static void indexed(Raster raster, IndexColorModel palette, byte[] rgb) {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    int width = raster.getWidth();
    int[] row = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        put(colours[row[x]], rgb, 3 * (y * width + x));
      }
    }
  }

  private static void components(Raster raster, ColorModel model, byte[] rgb) {
    ByteRows rows = new ByteRows(raster, model);
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int colours = model.getNumColorComponents();
    boolean opaque = !model.hasAlpha();
    boolean multiplied = model.isAlphaPremultiplied();
    for (int y = 0; y < raster.getHeight(); y++) {
      int[] row = rows.read(y);
      for (int x = 0; x < width; x++) {
        int from = x * bands;
        int alpha = opaque ? 255 : row[from + colours];
        for (int c = 0; c < 3; c++) {
          int value =
              switch (colours) {
                case 1 -> row[from];
                case 3 -> row[from + c];
                default -> ColourConversion.product(255 - row[from + c], 255 - row[from + 3]);
              };
          rgb[3 * (y * width + x) + c] =
              (byte)
                  (multiplied
                      ? Math.min(255, value + 255 - alpha)
                      : ColourConversion.overWhite(value, alpha));
        }
      }
    }
  }

  /// Rows of samples of any type as whole numbers from 0 to 255.
  private static final class ByteRows {
    private final Raster raster;
    private final int[] row;
    private final long[] largest; // by band
    private final float[] shares; // empty where samples are whole numbers

    ByteRows(Raster raster, ColorModel model) {
      this.raster = raster;
      int type = raster.getTransferType();
      boolean real = type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE;
      row = new int[raster.getWidth() * raster.getNumBands()];
      shares = new float[real ? row.length : 0];
      largest = new long[raster.getNumBands()];
      for (int b = 0; b < largest.length; b++) {
        int bits = model.getComponentSize(Math.min(b, model.getNumComponents() - 1));
        largest[b] = (1L << (type == DataBuffer.TYPE_SHORT ? bits - 1 : bits)) - 1;
      }
    }

    /// Of shares, what is below 0 or above 1 is cut off.
    int[] read(int y) {
      int at = raster.getMinY() + y;
      if (shares.length > 0) {
        raster.getPixels(raster.getMinX(), at, raster.getWidth(), 1, shares);
        for (int i = 0; i < row.length; i++) {
          row[i] = (int) (Math.clamp(shares[i], 0f, 1f) * 255 + 0.5f);
        }
        return row;
      }
      raster.getPixels(raster.getMinX(), at, raster.getWidth(), 1, row);
      for (int b = 0; b < largest.length; b++) {
        if (largest[b] != 255) {
          scale(b, largest[b]);
        }
      }
      return row;
    }

    private void scale(int band, long largest) {
      for (int i = band; i < row.length; i += this.largest.length) {
        long value =
            largest > Integer.MAX_VALUE ? Integer.toUnsignedLong(row[i]) : Math.max(0, row[i]);
        row[i] = (int) ((value * 255 + largest / 2) / largest);
      }
    }
  }

  private static void converted(BufferedImage image, byte[] rgb) {
    int width = image.getWidth();
    int[] row = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        put(row[x], rgb, 3 * (y * width + x));
      }
    }
  }

  private static void put(int argb, byte[] rgb, int at) {
    int alpha = argb >>> 24;
    rgb[at] = (byte) ColourConversion.overWhite((argb >> 16) & 0xff, alpha);
    rgb[at + 1] = (byte) ColourConversion.overWhite((argb >> 8) & 0xff, alpha);
    rgb[at + 2] = (byte) ColourConversion.overWhite(argb & 0xff, alpha);
  }
}
