package mmct.vision.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import mmct.api.data.BrokenCellException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Formats other than JPEG, and what is no picture at all.
class ImageDecoderTest {
  private final ImageDecoder decoder = new ImageDecoder(1_000_000);

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "tiff"})
  void losslessFormatsKeepEveryPixel(String format) {
    BufferedImage image = Pictures.smooth(37, 21);

    Pixels pixels = decoder.read(Pictures.encoded(image, format), "a." + format).pixels();
    for (int y = 0; y < 21; y++) {
      for (int x = 0; x < 37; x++) {
        assertThat(rgb(pixels, x, y)).isEqualTo(image.getRGB(x, y) & 0xffffff);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "gif", "bmp"})
  void palettesAreLookedUp(String format) {
    byte[] reds = new byte[256];
    byte[] greens = new byte[256];
    byte[] blues = new byte[256];
    blues[0] = (byte) 255;
    reds[1] = (byte) 200;
    greens[1] = 100;
    blues[1] = 50;
    Arrays.fill(reds, 2, 256, (byte) 17);
    IndexColorModel palette = new IndexColorModel(8, 256, reds, greens, blues);
    BufferedImage image = new BufferedImage(9, 5, BufferedImage.TYPE_BYTE_INDEXED, palette);
    image.getRaster().setSample(4, 2, 0, 1);
    image.getRaster().setSample(8, 4, 0, 2);

    Pixels pixels = decoder.read(Pictures.encoded(image, format), "a." + format).pixels();
    assertThat(rgb(pixels, 0, 0)).isEqualTo(0x0000ff);
    assertThat(rgb(pixels, 4, 2)).isEqualTo(0xc86432);
    assertThat(rgb(pixels, 8, 4)).isEqualTo(0x110000);
  }

  @Test
  void greyIsNotBrightened() {
    BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 0; x < 256; x++) {
      image.getRaster().setSample(x, 0, 0, x);
    }

    Pixels pixels = decoder.read(Pictures.encoded(image, "png"), "a.png").pixels();
    for (int x = 0; x < 256; x++) {
      assertThat(rgb(pixels, x, 0)).isEqualTo(0x010101 * x);
    }
  }

  @Test
  void oneBitIsBlackOrWhite() {
    BufferedImage image = new BufferedImage(10, 3, BufferedImage.TYPE_BYTE_BINARY);
    image.setRGB(9, 2, 0xffffff);

    Pixels pixels = decoder.read(Pictures.encoded(image, "png"), "a.png").pixels();
    assertThat(rgb(pixels, 9, 2)).isEqualTo(0xffffff);
    assertThat(rgb(pixels, 8, 2)).isZero();
  }

  @Test
  void sixteenBitsBecomeEight() {
    int[] values = {0, 128, 257 * 100, 257 * 100 + 200, 65535};
    BufferedImage image = new BufferedImage(5, 1, BufferedImage.TYPE_USHORT_GRAY);
    for (int x = 0; x < 5; x++) {
      image.getRaster().setSample(x, 0, 0, values[x]);
    }

    Pixels pixels = decoder.read(Pictures.encoded(image, "png"), "a.png").pixels();
    assertThat(rgb(pixels, 0, 0)).isZero();
    assertThat(rgb(pixels, 1, 0)).isZero();
    assertThat(rgb(pixels, 2, 0)).isEqualTo(0x010101 * 100);
    assertThat(rgb(pixels, 3, 0)).isEqualTo(0x010101 * 101);
    assertThat(rgb(pixels, 4, 0)).isEqualTo(0xffffff);
  }

  @Test
  void sixteenBitsWithTransparencyLieOverWhite() {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, new int[] {65535, 0, 257 * 60, 257 * 51}); // a fifth opaque

    byte[] file = Pictures.encoded(new BufferedImage(model, raster, false, null), "png");
    assertThat(rgb(decoder.read(file, "a.png").pixels(), 0, 0)).isEqualTo(0xffccd8);
  }

  @Test
  void transparencyLiesOverWhite() {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00000000);
    image.setRGB(1, 0, 0xff204060);
    image.setRGB(2, 0, 0x33ff0000); // a fifth of red

    Pixels pixels = decoder.read(Pictures.encoded(image, "png"), "a.png").pixels();
    assertThat(rgb(pixels, 0, 0)).isEqualTo(0xffffff);
    assertThat(rgb(pixels, 1, 0)).isEqualTo(0x204060);
    assertThat(rgb(pixels, 2, 0)).isEqualTo(0xffcccc);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "gif", "bmp", "tiff"})
  void truncatedFilesAreBroken(String format) {
    byte[] file = Pictures.encoded(Pictures.smooth(40, 30), format);
    // The last bytes may be a checksum, a trailer or padding, without which all pixels are there.
    for (int length = 1; length < file.length - 24; length += 7) {
      byte[] cut = Arrays.copyOf(file, length);

      assertThatThrownBy(() -> decoder.read(cut, "photos/1." + format).pixels())
          .as("cut after %d of %d bytes", length, file.length)
          .isInstanceOf(BrokenCellException.class)
          .hasMessageStartingWith("photos/1." + format + " is ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png", "gif", "bmp", "tiff"})
  void damagedFilesAreReadOrBrokenButNothingElse(String format) {
    byte[] file = Pictures.encoded(Pictures.smooth(40, 30), format);
    Random random = new Random(9);
    for (int i = 0; i < 1500; i++) {
      byte[] damaged = file.clone();
      int within = i % 2 == 0 ? Math.min(300, file.length) : file.length;
      for (int k = random.nextInt(5); k >= 0; k--) {
        damaged[random.nextInt(within)] = (byte) random.nextInt(256);
      }
      try {
        decoder.read(damaged, "damaged").pixels();
      } catch (BrokenCellException e) {
        assertThat(e).hasMessageStartingWith("damaged ");
      } catch (RuntimeException e) {
        fail("damage number " + i, e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png", "gif", "bmp", "tiff"})
  void limitHoldsForEveryFormat(String format) {
    byte[] file = Pictures.encoded(Pictures.smooth(40, 30), format);

    assertThatCode(() -> new ImageDecoder(1200).read(file, "a").pixels())
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> new ImageDecoder(1199).read(file, "a").pixels())
        .isInstanceOf(BrokenCellException.class)
        .hasMessage("a declares 40 × 30 pixels, more than maxPixels 1199");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "gif"})
  void headerThatPromisesTooManyPixelsIsNotDecoded(String format) {
    byte[] bomb = Pictures.encoded(Pictures.smooth(40, 30), format);
    switch (format) {
      case "png" -> {
        put(bomb, 16, 0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20); // most significant byte first
        put(bomb, 29, pngChecksum(bomb));
      }
      case "gif" -> {
        int image = indexOf(bomb, 0x2c, 0, 0, 0, 0, 40, 0, 30, 0);
        put(bomb, image + 5, 0x20, 0x4e, 0x20, 0x4e);
      }
      default -> throw new AssertionError(format);
    }

    assertThatThrownBy(() -> decoder.read(bomb, "bomb." + format).pixels())
        .isInstanceOf(BrokenCellException.class)
        .hasMessage("bomb.%s declares 20000 × 20000 pixels, more than maxPixels 1000000", format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "gif", "tiff"})
  void fileThatIsTooShortForItsPixelsIsNotDecoded(String format) {
    byte[] bomb = Pictures.encoded(Pictures.smooth(40, 30), format);
    switch (format) {
      case "png" -> {
        put(bomb, 16, 0, 0, 0x27, 0x0f, 0, 0, 0x27, 0x0f);
        put(bomb, 29, pngChecksum(bomb));
      }
      case "gif" ->
          put(bomb, indexOf(bomb, 0x2c, 0, 0, 0, 0, 40, 0, 30, 0) + 5, 0x0f, 0x27, 0x0f, 0x27);
      default -> {
        put(bomb, indexOf(bomb, 1, 0, 0, 3, 0, 0, 0, 1, 0, 40) + 8, 0x27, 0x0f);
        put(bomb, indexOf(bomb, 1, 1, 0, 3, 0, 0, 0, 1, 0, 30) + 8, 0x27, 0x0f);
      }
    }

    assertThatThrownBy(() -> new ImageDecoder(100_000_000).read(bomb, "bomb").pixels())
        .isInstanceOf(BrokenCellException.class)
        .hasMessage(
            "bomb is truncated: it declares 9999 × 9999 pixels, which take more bytes than it has");
  }

  @Test
  void whatIsNoPictureIsBroken() {
    byte[] page = "<!DOCTYPE html><html>not found</html>".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> decoder.read(page, "1.jpg").pixels())
        .isInstanceOf(BrokenCellException.class)
        .hasMessageStartingWith("1.jpg is no picture of a format that can be read: bmp, gif, jpeg");
    assertThatThrownBy(() -> decoder.read(new byte[0], "1.jpg").pixels())
        .isInstanceOf(BrokenCellException.class)
        .hasMessage("1.jpg is empty");
  }

  @Test
  void whatIsNoFileIsBroken(@TempDir Path folder) throws IOException {
    Path absent = folder.resolve("absent.jpg");
    Path huge = folder.resolve("huge.jpg");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(3L << 30); // a hole; it takes no space
    }

    assertThatThrownBy(() -> decoder.read(absent).pixels())
        .isInstanceOf(BrokenCellException.class)
        .hasMessage(absent + " does not exist");
    assertThatThrownBy(() -> decoder.read(folder).pixels())
        .isInstanceOf(BrokenCellException.class)
        .hasMessage(folder + " is a folder, not a picture");
    assertThatThrownBy(() -> decoder.read(huge).pixels())
        .isInstanceOf(BrokenCellException.class)
        .hasMessageContaining("more than any picture of maxPixels 1000000 needs");
  }

  /// Opening the pipe would wait for somebody to write into it.
  @Test
  @Timeout(20)
  void pipesAndDevicesAreRefusedAtOnce(@TempDir Path folder) throws Exception {
    Path pipe = folder.resolve("pipe.jpg");
    Path link = folder.resolve("link.jpg");
    assumeTrue(made(pipe), "skipped: this system has no mkfifo");
    Files.createSymbolicLink(link, pipe);

    for (Path special : List.of(pipe, link, Path.of("/dev/zero"))) {
      assertThatThrownBy(() -> decoder.read(special))
          .isInstanceOf(BrokenCellException.class)
          .hasMessage(special + " is a named pipe, a socket or a device, not a picture");
    }
  }

  private static boolean made(Path pipe) throws InterruptedException {
    try {
      return new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orientation-6.png",
        "smaller.gif",
        "palette.bmp",
        "rgb-tiled-lzw.tif",
        "cmyk.tif",
        "jpeg.tif",
        "grey-float-predictor.tif",
        "1-group4.tif",
        "lossless.webp",
        "lossy-opacity.webp",
        "film-smaller.webp",
        "orientation.webp",
        "cmyk-adobe.jpg",
        "orientation-odd-offset.jpg"
      })
  @Timeout(60)
  void damagedFilesOfEveryReaderAreReadOrBroken(String name) throws IOException {
    byte[] file;
    try (var in = Objects.requireNonNull(getClass().getResourceAsStream("/pictures/" + name))) {
      file = in.readAllBytes();
    }
    Random random = new Random(name.hashCode());
    for (int i = 0; i < 600; i++) {
      byte[] damaged =
          Arrays.copyOf(file, i % 5 == 0 ? random.nextInt(file.length) + 1 : file.length);
      for (int k = random.nextInt(6); k >= 0; k--) {
        int within = random.nextBoolean() ? Math.min(damaged.length, 120) : damaged.length;
        damaged[random.nextInt(within)] =
            (byte) (random.nextInt(3) == 0 ? 255 : random.nextInt(256));
      }
      try {
        Pixels pixels = decoder.read(damaged, "damaged").pixels();
        assertThat((long) pixels.width() * pixels.height()).isLessThanOrEqualTo(1_000_000);
      } catch (BrokenCellException e) {
        assertThat(e).hasMessageStartingWith("damaged ");
      } catch (RuntimeException e) {
        fail("damage number " + i, e);
      }
    }
  }

  @Test
  void fileIsReadByItsContentNotItsName(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("really-a-png.jpg");
    Files.write(file, Pictures.encoded(Pictures.smooth(8, 6), "png"));

    assertThatCode(() -> decoder.read(file).pixels()).doesNotThrowAnyException();
  }

  private static int rgb(Pixels pixels, int x, int y) {
    int at = 3 * (y * pixels.width() + x);
    byte[] rgb = pixels.rgb();
    return ((rgb[at] & 255) << 16) | ((rgb[at + 1] & 255) << 8) | (rgb[at + 2] & 255);
  }

  private static void put(byte[] file, int at, int... values) {
    for (int i = 0; i < values.length; i++) {
      file[at + i] = (byte) values[i];
    }
  }

  private static int[] pngChecksum(byte[] png) {
    java.util.zip.CRC32 checksum = new java.util.zip.CRC32();
    checksum.update(png, 12, 17);
    int value = (int) checksum.getValue();
    return new int[] {value >>> 24, value >>> 16, value >>> 8, value};
  }

  private static int indexOf(byte[] file, int... values) {
    for (int i = 0; i < file.length - values.length; i++) {
      int at = i;
      if (java.util.stream.IntStream.range(0, values.length)
          .allMatch(k -> (file[at + k] & 255) == values[k])) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }
}
