package mmct.vision.decode;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.ImageReaderSpi;
import mmct.api.data.BrokenCellException;

/// Decodes every format but JPEG, and turns pictures upright. Of a file of several pictures, the
/// first.
final class ImageIoDecoder {
  /// A byte stands for at most eight pixels of one bit where nothing is compressed.
  private static final long PLAIN = 8;

  /// A byte of zlib's stands for at most 1,032, each of which may be eight pixels; of LZW's and of
  /// runs for fewer.
  private static final long ZLIB = 8 * 1032;

  private static final long LZW = 8 * 4096 * 8 / 12;

  private static final int COMPRESSION = 259;

  /// A file may have samples that are no colours, each of which takes memory.
  private static final int MOST_SAMPLES_OF_TIFF = 16;

  private static final Set<String> ALIASES = Set.of("jpg", "tif", "bigtiff", "wbp");

  private final ImageReaderSpi png = ImageReaders.jdk("png");
  private final ImageReaderSpi bmp = ImageReaders.jdk("bmp");
  private final ImageReaderSpi tiff = ImageReaders.tiff();
  private final GifDecoder gif = new GifDecoder();
  private final WebpDecoder webp = new WebpDecoder();

  Pixels decode(byte[] content, String name, ImageDecoder limits) {
    try {
      return switch (FileFormat.of(content)) {
        case PNG -> upright(png(content, name, limits), PngChunks.orientation(content));
        case GIF -> gif.decode(content, name, limits);
        case BMP -> ImageReaders.use(bmp, content, reader -> first(reader, name, limits));
        case TIFF -> upright(tiff(content, name, limits), Exif.inBlock(content, 0, content.length));
        case WEBP -> webp.decode(content, name, limits);
        case JPEG, OTHER -> other(content, name, limits);
      };
    } catch (BrokenCellException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Readers meet foreign bytes with any exception, such as an index out of bounds.
      throw new BrokenCellException(
          "%s is not a readable picture: %s".formatted(name, ImageDecoder.reason(e)), e);
    }
  }

  private static Pixels upright(Pixels stored, Optional<Orientation> orientation) {
    return orientation.orElse(Orientation.UPRIGHT).upright(stored);
  }

  private Pixels png(byte[] content, String name, ImageDecoder limits) throws IOException {
    return ImageReaders.use(
        png,
        content,
        reader -> {
          limits.checkSize(reader.getWidth(0), reader.getHeight(0), name);
          limits.checkLength(reader.getWidth(0), reader.getHeight(0), content.length * ZLIB, name);
          return BufferedImages.toPixels(reader.read(0));
        });
  }

  /// What a byte of a TIFF file stands for depends on how it is compressed; of fax, a bit may stand
  /// for a row.
  private static long mostPixelsPerByte(byte[] content) {
    return switch (Math.toIntExact(Exif.number(content, COMPRESSION).orElse(1L))) {
      case 1 -> PLAIN;
      case 5, 32773 -> LZW;
      case 8, 32946 -> ZLIB;
      default -> Integer.MAX_VALUE;
    };
  }

  /// The samples as they are stored, but for what is white where it is 0 and for luma and colour
  /// differences.
  private Pixels tiff(byte[] content, String name, ImageDecoder limits) throws IOException {
    return ImageReaders.use(
        tiff,
        content,
        reader -> {
          limits.checkSize(reader.getWidth(0), reader.getHeight(0), name);
          limits.checkSize(reader.getTileWidth(0), reader.getTileHeight(0), name);
          limits.checkLength(
              reader.getWidth(0),
              reader.getHeight(0),
              content.length * mostPixelsPerByte(content),
              name);
          ImageTypeSpecifier stored = reader.getRawImageType(0);
          if (stored.getNumBands() > MOST_SAMPLES_OF_TIFF) {
            throw new IOException(
                "it has %d samples for each pixel".formatted(stored.getNumBands()));
          }
          ImageReadParam asStored = reader.getDefaultReadParam();
          asStored.setDestinationType(stored);
          return BufferedImages.toPixels(reader.read(0, asStored));
        });
  }

  private static Pixels other(byte[] content, String name, ImageDecoder limits) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(new ByteArrayImageInput(content));
    if (!readers.hasNext()) {
      throw new BrokenCellException(
          "%s is no picture of a format that can be read: %s".formatted(name, formats()));
    }
    return ImageReaders.use(
        readers.next().getOriginatingProvider(), content, it -> first(it, name, limits));
  }

  /// The formats that are always there, and those of plug-ins.
  private static String formats() {
    return Stream.concat(
            Arrays.stream(FileFormat.values()).filter(it -> it != FileFormat.OTHER).map(Enum::name),
            Arrays.stream(ImageIO.getReaderFormatNames()))
        .map(it -> it.toLowerCase(Locale.ROOT))
        .filter(it -> !ALIASES.contains(it))
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static Pixels first(ImageReader reader, String name, ImageDecoder limits)
      throws IOException {
    limits.checkSize(reader.getWidth(0), reader.getHeight(0), name);
    return BufferedImages.toPixels(reader.read(0));
  }
}
