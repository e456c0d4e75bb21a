package mmct.vision.decode;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import mmct.api.data.BrokenCellException;

/// Decodes every format but JPEG: PNG, GIF, BMP, TIFF, WBMP and what plug-ins on the module path
/// add to ImageIO.
final class ImageIoDecoder {
  Pixels decode(byte[] content, String name, ImageDecoder limits) {
    try {
      ImageReader reader = reader(new ByteArrayImageInput(content), name);
      try {
        return decode(reader, content, name, limits);
      } finally {
        reader.dispose();
      }
    } catch (BrokenCellException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Readers meet foreign bytes with any exception, such as an index out of bounds.
      throw new BrokenCellException(
          "%s is not a readable picture: %s".formatted(name, ImageDecoder.reason(e)), e);
    }
  }

  private static ImageReader reader(ByteArrayImageInput input, String name) {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
    if (!readers.hasNext()) {
      throw new BrokenCellException(
          "%s is no picture of a format that can be read: %s"
              .formatted(name, String.join(", ", formats())));
    }
    return readers.next();
  }

  private static List<String> formats() {
    return Arrays.stream(ImageIO.getReaderFormatNames())
        .map(it -> it.toLowerCase(Locale.ROOT))
        .distinct()
        .sorted()
        .toList();
  }

  private static Pixels decode(ImageReader reader, byte[] content, String name, ImageDecoder limits)
      throws IOException {
    reader.setInput(new ByteArrayImageInput(content), true, true);
    limits.checkSize(reader.getWidth(0), reader.getHeight(0), name);
    return BufferedImages.toPixels(reader.read(0));
  }
}
