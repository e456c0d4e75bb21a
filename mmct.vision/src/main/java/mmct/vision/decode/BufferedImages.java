package mmct.vision.decode;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/// Reads the samples of a [BufferedImage] as they are stored.
///
/// `BufferedImage.getRGB` would convert grey through a linear colour space, which brightens it,
/// and reads pixel by pixel.
final class BufferedImages {
  private BufferedImages() {}

  /// The picture as red, green, blue; transparency is laid over white.
  static Pixels toPixels(BufferedImage image) {
    byte[] rgb = new byte[Math.multiplyExact(3, image.getWidth() * image.getHeight())];
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel palette) {
      indexed(image.getRaster(), palette, rgb);
    } else if (model instanceof ComponentColorModel && isPlain(model)) {
      components(image.getRaster(), model, rgb);
    } else {
      converted(image, rgb);
    }
    return new Pixels(rgb, image.getWidth(), image.getHeight());
  }

  private static boolean isPlain(ColorModel model) {
    int colours = model.getNumColorComponents();
    int type = model.getTransferType();
    return ((colours == 1 && model.getColorSpace().getType() == ColorSpace.TYPE_GRAY)
            || (colours == 3 && model.getColorSpace().getType() == ColorSpace.TYPE_RGB))
        && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT)
        && !model.isAlphaPremultiplied();
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
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int colours = model.getNumColorComponents();
    int largest = (1 << model.getComponentSize(0)) - 1;
    int[] row = new int[width * bands];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int alpha = bands > colours ? eightBits(row[x * bands + colours], largest) : 255;
        for (int c = 0; c < 3; c++) {
          int value = eightBits(row[x * bands + Math.min(c, colours - 1)], largest);
          rgb[3 * (y * width + x) + c] = (byte) ColourConversion.overWhite(value, alpha);
        }
      }
    }
  }

  private static int eightBits(int value, int largest) {
    return largest == 255 ? value : (int) ((value * 255L + largest / 2) / largest);
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
