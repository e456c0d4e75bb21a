package mmct.vision.decode;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import mmct.vision.ImageOptions;

/// Decoders for tests; what needs libjpeg-turbo is skipped where the system has none.
final class Decoders {
  private Decoders() {}

  static ImageDecoder of(ImageOptions.Decoder which, long maxPixels) {
    return switch (which) {
      case JAVA, AUTO -> new ImageDecoder(maxPixels);
      case TURBO -> turbo(maxPixels);
    };
  }

  static ImageDecoder turbo(long maxPixels) {
    var library = JpegLibrary.turbo();
    assumeTrue(library.isPresent(), "skipped: this system has no libjpeg-turbo (libturbojpeg)");
    return ImageDecoder.of(maxPixels, library.get());
  }
}
