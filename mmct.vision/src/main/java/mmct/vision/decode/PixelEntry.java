package mmct.vision.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/// A decoded picture in a file: a header and the bytes of [Pixels#rgb].
final class PixelEntry {
  private static final long MAGIC = 0x4d4d4354_50495832L; // MMCTPIX2
  private static final int CHECKED = 4 * Long.BYTES; // magic, origin, width and height
  private static final int HEADER = CHECKED + Long.BYTES;

  private PixelEntry() {}

  /// What tells whether a picture's file has changed.
  ///
  /// @param size in bytes
  /// @param modified in nanoseconds
  record Origin(long size, long modified) {
    /// The origin of a file; empty where it cannot be told.
    static Optional<Origin> of(Path file) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return Optional.of(
            new Origin(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }

  /// What a picture takes, in bytes.
  static long size(Pixels pixels) {
    return HEADER + (long) pixels.rgb().length;
  }

  /// The content of a file.
  static ByteBuffer[] write(Pixels pixels, Origin origin) {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    header.putLong(MAGIC).putLong(origin.size()).putLong(origin.modified());
    header.putInt(pixels.width()).putInt(pixels.height());
    header.putLong(checksum(header.array(), pixels.rgb()));
    return new ByteBuffer[] {header.flip(), ByteBuffer.wrap(pixels.rgb())};
  }

  /// Reads a file; empty where it is no such file, is damaged or of another origin.
  static Optional<Pixels> read(FileChannel file, Origin origin) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    if (!filled(file, header)
        || header.getLong() != MAGIC
        || header.getLong() != origin.size()
        || header.getLong() != origin.modified()) {
      return Optional.empty();
    }
    int width = header.getInt();
    int height = header.getInt();
    long checksum = header.getLong();
    long bytes = 3L * width * height;
    // Before so much memory is taken: a damaged header may promise anything.
    if (width < 1 || height < 1 || file.size() != HEADER + bytes) {
      return Optional.empty();
    }
    byte[] rgb = new byte[Math.toIntExact(bytes)];
    return filled(file, ByteBuffer.wrap(rgb)) && checksum(header.array(), rgb) == checksum
        ? Optional.of(new Pixels(rgb, width, height))
        : Optional.empty();
  }

  private static boolean filled(FileChannel file, ByteBuffer target) throws IOException {
    while (target.hasRemaining() && file.read(target) >= 0) {
      // A read may give less than was asked for.
    }
    return target.flip().limit() == target.capacity();
  }

  private static long checksum(byte[] header, byte[] rgb) {
    CRC32C checksum = new CRC32C();
    checksum.update(header, 0, CHECKED);
    checksum.update(rgb, 0, rgb.length);
    return checksum.getValue();
  }
}
