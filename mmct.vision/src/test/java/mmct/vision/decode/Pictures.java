package mmct.vision.decode;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/// Picture files for tests, made by the JDK's writers and by hand.
public final class Pictures {
  private Pictures() {}

  /// Smooth colours, which JPEG keeps well: red grows to the right, green downwards.
  static BufferedImage smooth(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = 30 + 200 * x / width;
        int green = 30 + 200 * y / height;
        image.setRGB(x, y, (red << 16) | (green << 8) | 90);
      }
    }
    return image;
  }

  static byte[] encoded(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] jpeg(int width, int height) {
    return encoded(smooth(width, height), "jpeg");
  }

  /// A grey JPEG file of greys far from black and white, where nothing is clipped.
  static byte[] greyNoise(int width, int height, long seed) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < width * height; i++) {
      image.getRaster().setSample(i % width, i / width, 0, 90 + random.nextInt(70));
    }
    return jpeg(new IIOImage(image, null, null), false);
  }

  static byte[] progressiveJpeg(BufferedImage image) {
    return jpeg(new IIOImage(image, null, null), true);
  }

  /// A JPEG file of raw components: one is grey, four are inks.
  ///
  /// @param values by component, the same for all pixels
  static byte[] rawJpeg(int width, int height, int... values) {
    WritableRaster raster = Raster.createInterleavedRaster(0, width, height, values.length, null);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        raster.setPixel(x, y, values);
      }
    }
    return jpeg(new IIOImage(raster, null, null), false);
  }

  private static byte[] jpeg(IIOImage image, boolean progressive) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(1);
      if (progressive) {
        settings.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      writer.setOutput(out);
      writer.write(null, image, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /// The file with a segment put in right after its first two bytes.
  static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.write(0xff);
    out.write(marker);
    out.write((content.length + 2) >> 8);
    out.write(content.length + 2);
    out.writeBytes(content);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  /// The file as Adobe's programs mark it.
  ///
  /// @param transform 0 for inks as they are, 2 for luma and colour differences
  static byte[] withAdobeMarker(byte[] jpeg, int transform) {
    return withSegment(
        jpeg, 0xee, new byte[] {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform});
  }

  /// The file with an EXIF block that holds nothing but an orientation.
  public static byte[] withOrientation(byte[] jpeg, int orientation, boolean littleEndian) {
    int[] exif =
        littleEndian
            ? new int[] {
              'E',
              'x',
              'i',
              'f',
              0,
              0,
              'I',
              'I',
              42,
              0,
              8,
              0,
              0,
              0, // header, first directory at 8
              2,
              0, // entries
              0x0f,
              0x01,
              2,
              0,
              4,
              0,
              0,
              0,
              'm',
              'm',
              'c',
              't', // the camera's maker
              0x12,
              0x01,
              3,
              0,
              1,
              0,
              0,
              0,
              orientation,
              0,
              0,
              0,
              0,
              0,
              0,
              0
            }
            : new int[] {
              'E',
              'x',
              'i',
              'f',
              0,
              0,
              'M',
              'M',
              0,
              42,
              0,
              0,
              0,
              8, //
              0,
              1, //
              0x01,
              0x12,
              0,
              3,
              0,
              0,
              0,
              1,
              0,
              orientation,
              0,
              0, //
              0,
              0,
              0,
              0
            };
    byte[] content = new byte[exif.length];
    for (int i = 0; i < exif.length; i++) {
      content[i] = (byte) exif[i];
    }
    return withSegment(jpeg, 0xe1, content);
  }
}
