package mmct.vision.decode;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/// The readers of formats, each by its name: which of several readers of one format ImageIO would
/// choose depends on what else is on the module path, and a picture must not.
final class ImageReaders {
  private ImageReaders() {}

  /// A new reader of the JDK's for `jpeg`, `png`, `gif` or `bmp`.
  static ImageReaderSpi jdk(String format) {
    Module desktop = ImageIO.class.getModule();
    Iterable<ImageReaderSpi> all =
        () -> IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    return StreamSupport.stream(all.spliterator(), false)
        .filter(it -> it.getClass().getModule().equals(desktop))
        .filter(it -> Arrays.asList(it.getFormatNames()).contains(format))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("this JDK has no reader of " + format));
  }

  /// A reader of TIFF.
  static ImageReaderSpi tiff() {
    return new TIFFImageReaderSpi();
  }

  /// A reader of WebP.
  static ImageReaderSpi webp() {
    return new WebPImageReaderSpi();
  }

  /// What is done with a reader while it is open.
  @FunctionalInterface
  interface Use<T> {
    T with(ImageReader reader) throws IOException;
  }

  /// Uses a reader of some content, and disposes of it.
  static <T> T use(ImageReaderSpi provider, byte[] content, Use<T> use) throws IOException {
    return use(provider, new ByteArrayImageInput(content), use);
  }

  /// Uses a reader of some input, and disposes of it.
  static <T> T use(ImageReaderSpi provider, ByteArrayImageInput input, Use<T> use)
      throws IOException {
    ImageReader reader = provider.createReaderInstance();
    try {
      reader.setInput(input, true, false);
      return use.with(reader);
    } finally {
      reader.dispose();
    }
  }
}
