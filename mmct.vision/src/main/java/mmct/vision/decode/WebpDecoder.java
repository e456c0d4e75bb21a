package mmct.vision.decode;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.spi.ImageReaderSpi;
import mmct.vision.webp.LossyDecoder;

/// Decodes a WebP file, of a film the first frame.
///
/// TwelveMonkeys' reader decodes the lossless bitstream, in a file of its own: what it makes of the
/// container turns colours by profiles, places no frames, and fails on some of opacity's filters;
/// its lossy decoder forgets the half of what it smooths and repeats colour differences, which
/// costs two to four levels of every pixel.
final class WebpDecoder {
  private static final int LOSSY = fourCc("VP8 ");
  private static final int LOSSLESS = fourCc("VP8L");
  private static final int EXTENDED = fourCc("VP8X");
  private static final int OPACITY = fourCc("ALPH");
  private static final int FRAME = fourCc("ANMF");
  private static final int EXIF = fourCc("EXIF");
  private static final int XMP = fourCc("XMP ");

  private static final int FRAME_HEADER = 16;
  private static final int LOSSLESS_HEADER = 5;
  private static final int TRANSPARENT = 0x10; // flag of an extended file

  private final ImageReaderSpi provider = ImageReaders.webp();
  private final LossyDecoder lossyDecoder = new LossyDecoder();

  Pixels decode(byte[] content, String name, ImageDecoder limits) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    RiffChunks chunks = RiffChunks.of(file, 12, content.length);
    Pixels pixels = new Film(file, chunks, name, limits).first();
    return orientation(content, chunks).orElse(Orientation.UPRIGHT).upright(pixels);
  }

  private static Optional<Orientation> orientation(byte[] content, RiffChunks chunks) {
    return chunks
        .find(EXIF)
        .flatMap(
            it ->
                Exif.inBlock(
                    content, it.from() + Exif.prefix(content, it.from(), it.to()), it.to()))
        .or(() -> chunks.find(XMP).flatMap(it -> Exif.inXmp(content, it.from(), it.to())));
  }

  private final class Film {
    private final ByteBuffer file;
    private final RiffChunks chunks;
    private final String name;
    private final ImageDecoder limits;

    Film(ByteBuffer file, RiffChunks chunks, String name, ImageDecoder limits) {
      this.file = file;
      this.chunks = chunks;
      this.name = name;
      this.limits = limits;
    }

    Pixels first() throws IOException {
      Optional<RiffChunks.Chunk> extended = chunks.find(EXTENDED);
      Optional<RiffChunks.Chunk> frame = chunks.find(FRAME);
      if (extended.isEmpty()) {
        return picture(chunks);
      }
      int at = extended.get().from();
      int width = 1 + threeBytes(at + 4);
      int height = 1 + threeBytes(at + 7);
      limits.checkSize(width, height, name);
      if (frame.isEmpty()) {
        return ofSize(picture(chunks), width, height);
      }
      int from = frame.get().from();
      int left = 2 * threeBytes(from);
      int top = 2 * threeBytes(from + 3);
      Pixels pixels =
          ofSize(
              picture(RiffChunks.of(file, from + FRAME_HEADER, frame.get().to())),
              1 + threeBytes(from + 6),
              1 + threeBytes(from + 9));
      if (left + pixels.width() > width || top + pixels.height() > height) {
        throw new IOException("its first frame is not within its picture");
      }
      boolean transparent = (file.get(at) & TRANSPARENT) != 0;
      return Canvas.filled(width, height, transparent ? 0xffffff : 0).with(pixels, left, top);
    }

    private Pixels ofSize(Pixels pixels, int width, int height) throws IOException {
      if (pixels.width() != width || pixels.height() != height) {
        throw new IOException(
            "it says %d × %d pixels but has %d × %d"
                .formatted(width, height, pixels.width(), pixels.height()));
      }
      return pixels;
    }

    private int threeBytes(int at) {
      return (file.getShort(at) & 0xffff) | (file.get(at + 2) & 0xff) << 16;
    }

    private Pixels picture(RiffChunks chunks) throws IOException {
      Optional<RiffChunks.Chunk> lossless = chunks.find(LOSSLESS);
      if (lossless.isPresent()) {
        return BufferedImages.toPixels(lossless(content(lossless.get())));
      }
      RiffChunks.Chunk lossy =
          chunks.find(LOSSY).orElseThrow(() -> new IOException("it has no picture"));
      byte[] bitstream = content(lossy);
      LossyDecoder.Size size = LossyDecoder.size(bitstream);
      limits.checkSize(size.width(), size.height(), name);
      Pixels pixels = new Pixels(lossyDecoder.decode(bitstream), size.width(), size.height());
      Optional<RiffChunks.Chunk> opacity = chunks.find(OPACITY);
      if (opacity.isPresent()) {
        overWhite(pixels, opacity(content(opacity.get()), pixels.width(), pixels.height()));
      }
      return pixels;
    }

    private byte[] content(RiffChunks.Chunk chunk) {
      byte[] content = new byte[chunk.length()];
      file.get(chunk.from(), content);
      return content;
    }

    private BufferedImage lossless(byte[] content) throws IOException {
      return ImageReaders.use(
          provider,
          new Bits(RiffChunks.file(LOSSLESS, content)),
          reader -> {
            limits.checkSize(reader.getWidth(0), reader.getHeight(0), name);
            return reader.read(0);
          });
    }

    /// Opacity `[height, width]`.
    private byte[] opacity(byte[] content, int width, int height) throws IOException {
      int compression = content[0] & 3;
      int filter = content[0] >> 2 & 3;
      byte[] values = new byte[width * height];
      switch (compression) {
        case 0 -> System.arraycopy(content, 1, values, 0, values.length);
        case 1 -> {
          BufferedImage greens = lossless(withHeader(content, width, height));
          for (int i = 0; i < values.length; i++) {
            values[i] = (byte) greens.getRaster().getSample(i % width, i / width, 1);
          }
        }
        default -> throw new IOException("its opacity is compressed in an unknown way");
      }
      WebpOpacity.unfilter(values, width, filter);
      return values;
    }

    /// A bitstream that says its size itself, of one that does not.
    private byte[] withHeader(byte[] opacity, int width, int height) {
      byte[] content = new byte[LOSSLESS_HEADER + opacity.length - 1];
      ByteBuffer.wrap(content)
          .order(ByteOrder.LITTLE_ENDIAN)
          .put((byte) 0x2f)
          .putInt((width - 1) | (height - 1) << 14)
          .put(opacity, 1, opacity.length - 1);
      return content;
    }

    private void overWhite(Pixels pixels, byte[] opacity) {
      byte[] rgb = pixels.rgb();
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = (byte) ColourConversion.overWhite(rgb[i] & 0xff, opacity[i / 3] & 0xff);
      }
    }
  }

  private static int fourCc(String name) {
    return RiffChunks.fourCc(name);
  }

  /// A stream that the reader of bits may look ahead in at its end, and that fails where it goes on
  /// reading after it: the reader would take every further bit for 0, each at the cost of an
  /// exception.
  private static final class Bits extends ByteArrayImageInput {
    private static final int AHEAD = 16;

    Bits(byte[] content) {
      super(Arrays.copyOf(content, content.length + AHEAD));
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value < 0) {
        throw new IOException("it ends within its picture");
      }
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      if (count < 0) {
        throw new IOException("it ends within its picture");
      }
      return count;
    }
  }
}
