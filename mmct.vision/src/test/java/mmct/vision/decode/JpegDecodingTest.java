package mmct.vision.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import mmct.api.data.BrokenCellException;
import mmct.vision.ImageOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// JPEG files of every kind that is met in collections of photos, with every decoder.
@ParameterizedClass
@EnumSource(value = ImageOptions.Decoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
class JpegDecodingTest {
  private final ImageOptions.Decoder which;
  private final ImageDecoder decoder;

  JpegDecodingTest(ImageOptions.Decoder which) {
    this.which = which;
    decoder = Decoders.of(which, 1_000_000);
  }

  @Test
  void ordinaryFilesDecodeAsTheJdkDecodesThem() throws IOException {
    byte[] file = Pictures.jpeg(83, 61);
    BufferedImage expected = ImageIO.read(new ByteArrayInputStream(file));

    Pixels pixels = decoder.read(file, "photo.jpg").pixels();
    assertThat(pixels.width()).isEqualTo(83);
    assertThat(pixels.height()).isEqualTo(61);
    for (int i = 0; i < 83 * 61; i++) {
      int rgb = expected.getRGB(i % 83, i / 83);
      assertColour(pixels, i % 83, i / 83, 1, (rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255);
    }
  }

  @Test
  void progressiveFilesDecodeLikeTheOthers() {
    BufferedImage image = Pictures.smooth(70, 50);

    Pixels pixels = decoder.read(Pictures.progressiveJpeg(image), "photo.jpg").pixels();
    assertColour(pixels, 0, 0, 4, 30, 30, 90);
    assertColour(pixels, 35, 25, 4, 130, 130, 90);
    assertColour(pixels, 69, 49, 4, 227, 226, 90);
  }

  @Test
  void greyFilesKeepTheirGrey() {
    Pixels pixels = decoder.read(Pictures.rawJpeg(16, 9, 77), "photo.jpg").pixels();

    assertThat(pixels.width()).isEqualTo(16);
    assertColour(pixels, 3, 8, 1, 77, 77, 77);
  }

  /// As all readers do: no program writes inks of which more is darker.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void inksAreInvertedWithAdobesMarkerAndWithout(boolean marked) {
    // Cyan 40 %, magenta 0, yellow 100 %, black 20 %.
    byte[] plain = Pictures.rawJpeg(16, 16, 255 - 102, 255, 0, 255 - 51);
    byte[] file = marked ? Pictures.withAdobeMarker(plain, 0) : plain;

    assertColour(decoder.read(file, "photo.jpg").pixels(), 5, 5, 2, 153 * 0.8, 255 * 0.8, 0);
  }

  @Test
  void adobesInksMayBeLumaAndColourDifferences() {
    // Luma and differences of the inverted inks' complement: cyan 40 %, magenta 0, yellow 100 %.
    double cyan = 102;
    double yellow = 255;
    double luma = 0.299 * cyan + 0.114 * yellow;
    int cb = (int) Math.round((yellow - luma) / 1.772 + 128);
    int cr = (int) Math.round((cyan - luma) / 1.402 + 128);
    byte[] file =
        Pictures.withAdobeMarker(
            Pictures.rawJpeg(16, 16, (int) Math.round(luma), cb, cr, 255 - 51), 2);

    assertColour(decoder.read(file, "photo.jpg").pixels(), 5, 5, 3, 153 * 0.8, 255 * 0.8, 0);
  }

  @Test
  void threeComponentsThatAdobeCallsRgbAreNotConverted() {
    byte[] file = Pictures.withAdobeMarker(Pictures.rawJpeg(16, 16, 10, 200, 90), 0);

    assertColour(decoder.read(file, "photo.jpg").pixels(), 5, 5, 2, 10, 200, 90);
  }

  @ParameterizedTest
  @CsvSource({
    // What stands at the top left, top right and bottom left of a picture that was stored with
    // red growing to the right and green downwards: dark D, red R, green G, both B.
    "1, D, R, G", "2, R, D, B", "3, B, G, R", "4, G, B, D",
    "5, D, G, R", "6, G, D, B", "7, B, R, G", "8, R, B, D"
  })
  void orientationTurnsThePictureUpright(
      int orientation, String topLeft, String topRight, String bottomLeft) {
    for (boolean littleEndian : new boolean[] {true, false}) {
      byte[] file = Pictures.withOrientation(Pictures.jpeg(64, 40), orientation, littleEndian);

      Pixels pixels = decoder.read(file, "photo.jpg").pixels();
      assertThat(pixels.width()).isEqualTo(orientation < 5 ? 64 : 40);
      assertThat(pixels.height()).isEqualTo(orientation < 5 ? 40 : 64);
      assertCorner(pixels, 0, 0, topLeft);
      assertCorner(pixels, pixels.width() - 1, 0, topRight);
      assertCorner(pixels, 0, pixels.height() - 1, bottomLeft);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 255})
  void unknownOrientationsCountAsUpright(int orientation) {
    byte[] file = Pictures.withOrientation(Pictures.jpeg(64, 40), orientation, true);

    assertCorner(decoder.read(file, "photo.jpg").pixels(), 63, 0, "R");
  }

  @Test
  void brokenNotesDoNotBreakAPicture() {
    Random random = new Random(1);
    byte[] garbage = new byte[3000];
    random.nextBytes(garbage);
    byte[] exif = Arrays.copyOf(new byte[] {'E', 'x', 'i', 'f', 0, 0, 'I', 'I'}, 300);
    byte[] profile = Arrays.copyOf("ICC_PROFILE\0\1\1".getBytes(), 500);
    byte[] jpeg = Pictures.jpeg(64, 40);
    for (int i = 0; i < 300; i++) {
      random.nextBytes(garbage);
      System.arraycopy(garbage, 0, exif, 8, exif.length - 8);
      System.arraycopy(garbage, 0, profile, 14, profile.length - 14);
      byte[] file = Pictures.withSegment(jpeg, 0xe2, profile);
      file = Pictures.withSegment(file, 0xe1, exif);
      file = Pictures.withSegment(file, 0xe0, garbage);

      assertThat(decoder.read(file, "photo.jpg").pixels().rgb()).hasSize(3 * 64 * 40);
    }
  }

  @Test
  void strayBytesBetweenSegmentsDoNotMatter() {
    byte[] jpeg = Pictures.jpeg(64, 40);
    int after = 4 + ((jpeg[4] & 255) << 8) + (jpeg[5] & 255); // the first segment
    ByteArrayOutputStream stray = new ByteArrayOutputStream();
    stray.write(jpeg, 0, after);
    stray.writeBytes(new byte[] {0, 7, -1, 0, -1, -1, -1});
    stray.write(jpeg, after, jpeg.length - after);

    assertThat(decoder.read(stray.toByteArray(), "photo.jpg").pixels().rgb())
        .isEqualTo(decoder.read(jpeg, "photo.jpg").pixels().rgb());
  }

  @Test
  void truncatedFilesAreBrokenWhereverTheyEnd() {
    for (byte[] file :
        new byte[][] {Pictures.jpeg(60, 45), Pictures.progressiveJpeg(Pictures.smooth(60, 45))}) {
      for (int length = 3; length < file.length; length += length < 700 ? 1 : 17) {
        byte[] cut = Arrays.copyOf(file, length);

        assertThatThrownBy(() -> decoder.read(cut, "photos/1.jpg").pixels())
            .as("cut after %d of %d bytes", length, file.length)
            .isInstanceOf(BrokenCellException.class)
            .hasMessageStartingWith("photos/1.jpg is ");
      }
    }
  }

  @Test
  void truncationIsCalledByItsName() {
    byte[] file = Pictures.jpeg(60, 45);

    assertThatThrownBy(() -> decoder.read(Arrays.copyOf(file, file.length - 50), "1.jpg").pixels())
        .hasMessageContaining("truncated");
    assertThatThrownBy(() -> decoder.read(Arrays.copyOf(file, 100), "1.jpg").pixels())
        .hasMessage("1.jpg is a truncated JPEG file: it ends within its header");
  }

  @Test
  void headerThatPromisesTooManyPixelsIsNotDecoded() {
    byte[] bomb = withSize(Pictures.jpeg(60, 45), 50_000, 40_000);

    assertThatThrownBy(() -> decoder.read(bomb, "bomb.jpg").pixels())
        .isInstanceOf(BrokenCellException.class)
        .hasMessage("bomb.jpg declares 50000 × 40000 pixels, more than maxPixels 1000000");
  }

  @Test
  void headerWithoutHeightIsBroken() {
    assertThatThrownBy(() -> decoder.read(withSize(Pictures.jpeg(60, 45), 60, 0), "1.jpg").pixels())
        .isInstanceOf(BrokenCellException.class)
        .hasMessage("1.jpg declares a size of 60 × 0 pixels");
  }

  @Test
  void fileThatIsTooShortForItsPixelsIsNotDecoded() {
    ImageDecoder large = Decoders.of(which, 100_000_000);
    byte[] bomb = withSize(Pictures.jpeg(60, 45), 9999, 9999);

    assertThatThrownBy(() -> large.read(bomb, "bomb.jpg"))
        .isInstanceOf(BrokenCellException.class)
        .hasMessage(
            "bomb.jpg is truncated: it declares 9999 × 9999 pixels, which take more bytes than it has");
  }

  /// One colour alone costs as little as there is: two bits for each block.
  @Test
  void evenPicturesAreNotTakenForTruncated() throws IOException {
    BufferedImage grey = new BufferedImage(2000, 400, BufferedImage.TYPE_BYTE_GRAY);

    assertThat(decoder.read(Pictures.encoded(grey, "jpeg"), "a").pixels().width()).isEqualTo(2000);
    assertThat(decoder.read(Pictures.progressiveJpeg(grey), "a").pixels().width()).isEqualTo(2000);
  }

  @Test
  void fileOfThousandsOfScansIsNotDecoded() {
    byte[] file = Pictures.progressiveJpeg(Pictures.smooth(60, 45));
    int lastScan = file.length - 2;
    while ((file[lastScan] & 255) != 0xff || (file[lastScan + 1] & 255) != 0xda) {
      lastScan--;
    }
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.write(file, 0, lastScan);
    for (int i = 0; i < 5000; i++) {
      bomb.write(file, lastScan, file.length - 2 - lastScan);
    }

    assertThatThrownBy(() -> decoder.read(bomb.toByteArray(), "bomb.jpg").pixels())
        .isInstanceOf(BrokenCellException.class)
        .hasMessageContaining("more than 500 progressive scans");
  }

  /// The file with another size in its frame.
  private static byte[] withSize(byte[] jpeg, int width, int height) {
    byte[] changed = jpeg.clone();
    for (int i = 0; ; i++) {
      if ((jpeg[i] & 255) == 0xff && (jpeg[i + 1] & 255) == 0xc0) {
        changed[i + 5] = (byte) (height >> 8);
        changed[i + 6] = (byte) height;
        changed[i + 7] = (byte) (width >> 8);
        changed[i + 8] = (byte) width;
        return changed;
      }
    }
  }

  private static void assertCorner(Pixels pixels, int x, int y, String which) {
    boolean red = which.equals("R") || which.equals("B");
    boolean green = which.equals("G") || which.equals("B");
    assertColour(pixels, x, y, 20, red ? 227 : 30, green ? 225 : 30, 90);
  }

  private static void assertColour(
      Pixels pixels, int x, int y, double tolerance, double... colour) {
    for (int c = 0; c < 3; c++) {
      double value = pixels.rgb()[3 * (y * pixels.width() + x) + c] & 255;
      assertThat(value).as("pixel %d, %d", x, y).isCloseTo(colour[c], within(tolerance));
    }
  }
}
