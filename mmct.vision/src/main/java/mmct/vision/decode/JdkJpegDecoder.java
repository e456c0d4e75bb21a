package mmct.vision.decode;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import mmct.api.data.BrokenCellException;

/// Decodes JPEG files with the JDK's reader, all but the colours.
///
/// The reader is asked for the raw components: it converts colours slowly, follows embedded
/// profiles that training must not see, and refuses four inks. It cannot reduce either: what it
/// offers leaves pixels out, which aliases. Colours of half the rows it repeats, where
/// libjpeg-turbo interpolates.
final class JdkJpegDecoder implements JpegDecoder {
  /// Complaints of the reader after which it fills the rest of the picture with grey.
  private static final List<String> FATAL =
      List.of("premature end", "truncated file", "bad huffman", "missing eoi");

  private final ImageReaderSpi spi = ImageReaders.jdk("jpeg");

  @Override
  public Decoded decode(JpegHeader header, int eighths, String name) {
    byte[] components = components(header, name);
    int pixels = header.width() * header.height();
    if (header.halfColourRows()) {
      ColourConversion.smoothRows(components, header.width(), header.height());
    }
    byte[] rgb =
        switch (header.colour()) {
          case GREY -> ColourConversion.greyToRgb(components, pixels);
          case RGB -> components;
          case YCBCR -> ColourConversion.ycbcrToRgb(components);
          case CMYK -> ColourConversion.cmykToRgb(components, pixels);
          case YCCK -> ColourConversion.cmykToRgb(ColourConversion.ycckToCmyk(components), pixels);
        };
    return header.upright(new Pixels(rgb, header.width(), header.height()), Decoded.WHOLE);
  }

  private byte[] components(JpegHeader header, String name) {
    List<String> warnings = new ArrayList<>();
    try {
      ImageReader reader = spi.createReaderInstance();
      try {
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(new ByteArrayImageInput(header.bare()), true, true);
        Raster raster = reader.readRaster(0, null);
        refuse(warnings, name);
        return ((DataBufferByte) raster.getDataBuffer()).getData();
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof BrokenCellException broken) {
        throw broken;
      }
      throw new BrokenCellException(
          "%s is not a readable JPEG file: %s".formatted(name, ImageDecoder.reason(e)), e);
    }
  }

  private static void refuse(List<String> warnings, String name) {
    for (String warning : warnings) {
      String lower = warning.toLowerCase(Locale.ROOT);
      if (FATAL.stream().anyMatch(lower::contains)) {
        throw new BrokenCellException(
            "%s is a truncated or damaged JPEG file: %s".formatted(name, warning));
      }
    }
  }
}
