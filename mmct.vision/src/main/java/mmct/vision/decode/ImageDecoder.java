package mmct.vision.decode;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;
import mmct.api.data.BrokenCellException;
import mmct.api.io.RegularFiles;
import org.jspecify.annotations.Nullable;

/// Decodes picture files of all formats into red, green, blue bytes: JPEG, PNG, GIF, BMP, TIFF,
/// WebP and what plug-ins add to ImageIO.
///
/// Safe for concurrent use. Everything wrong with a file is a [BrokenCellException] that names it.
public final class ImageDecoder {
  /// What a pixel takes at most without compression: four channels of sixteen bits.
  private static final int MOST_BYTES_PER_PIXEL = 8;

  private final long maxPixels;
  private final JpegDecoder jpeg;
  private final ImageIoDecoder others = new ImageIoDecoder();

  /// A decoder of pictures up to a size that reads JPEG files with the JDK's reader.
  ///
  /// @param maxPixels the most pixels a picture may have, checked before it is decoded
  public ImageDecoder(long maxPixels) {
    this(maxPixels, new JdkJpegDecoder());
  }

  private ImageDecoder(long maxPixels, JpegDecoder jpeg) {
    this.maxPixels = maxPixels;
    this.jpeg = jpeg;
  }

  /// A decoder of pictures up to a size.
  ///
  /// @param maxPixels the most pixels a picture may have, checked before it is decoded
  /// @param library reads JPEG files
  public static ImageDecoder of(long maxPixels, JpegLibrary library) {
    return switch (library) {
      case JpegLibrary.Jdk() -> new ImageDecoder(maxPixels);
      case JpegLibrary.Turbo(TurboJpeg functions) ->
          new ImageDecoder(maxPixels, new TurboJpegDecoder(functions));
    };
  }

  /// Reads a file; a JPEG file is decoded only when the picture's pixels are asked for.
  public Picture read(Path file) {
    return read(content(file), file.toString());
  }

  /// Reads the content of a file.
  ///
  /// @param name stands for the file in messages
  public Picture read(byte[] content, String name) {
    if (content.length == 0) {
      throw new BrokenCellException(name + " is empty");
    }
    if (FileFormat.of(content) != FileFormat.JPEG) {
      return Picture.of(within(name, () -> others.decode(content, name, this)));
    }
    JpegHeader header = JpegHeader.read(content, name);
    checkSize(header.width(), header.height(), name);
    if (header.leastBytes() > content.length) {
      throw tooFew(header.width(), header.height(), name);
    }
    return new Picture(
        header.uprightWidth(),
        header.uprightHeight(),
        eighths -> within(name, () -> jpeg.decode(header, eighths, name)));
  }

  private static <T> T within(String name, Supplier<T> decoding) {
    try {
      return decoding.get();
    } catch (OutOfMemoryError e) {
      // One array that a file asks for, such as a tile of a TIFF file; nothing else is harmed.
      throw new BrokenCellException(name + " needs more memory to be decoded than there is", e);
    }
  }

  /// Refuses a picture whose header promises too much or nothing.
  void checkSize(int width, int height, String name) {
    if (width < 1 || height < 1) {
      throw new BrokenCellException(
          "%s declares a size of %d × %d pixels".formatted(name, width, height));
    }
    if ((long) width * height > mostPixels()) {
      throw new BrokenCellException(
          "%s declares %d × %d pixels, more than maxPixels %d"
              .formatted(name, width, height, mostPixels()));
    }
  }

  /// Refuses a picture whose file is too short for what its header promises: a few hundred bytes
  /// must not claim all the memory that the limit of pixels allows, and be found out only then.
  ///
  /// @param most how many pixels so short a file can hold
  void checkLength(int width, int height, long most, String name) {
    if ((long) width * height > most) {
      throw tooFew(width, height, name);
    }
  }

  private static BrokenCellException tooFew(int width, int height, String name) {
    return new BrokenCellException(
        "%s is truncated: it declares %d × %d pixels, which take more bytes than it has"
            .formatted(name, width, height));
  }

  /// Java's arrays end below 2^31, whatever the setting says.
  private long mostPixels() {
    return Math.min(maxPixels, (Integer.MAX_VALUE - 8) / 4);
  }

  private byte[] content(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new BrokenCellException(file + " is a folder, not a picture");
      }
      if (RegularFiles.isSpecial(file)) {
        throw new BrokenCellException(
            file + " is a named pipe, a socket or a device, not a picture");
      }
      long size = Files.size(file);
      // A small constant lets tiny pictures carry large notes.
      long most = Math.min(mostPixels() * MOST_BYTES_PER_PIXEL + (1 << 20), Integer.MAX_VALUE - 8);
      if (size > most) {
        throw new BrokenCellException(
            "%s has %d bytes, more than any picture of maxPixels %d needs"
                .formatted(file, size, mostPixels()));
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new BrokenCellException(file + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new BrokenCellException(file + " cannot be read: permission denied", e);
    } catch (IOException e) {
      throw new BrokenCellException("%s cannot be read: %s".formatted(file, reason(e)), e);
    }
  }

  /// What an exception says in one line.
  static String reason(Throwable e) {
    @Nullable String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message).strip();
  }
}
