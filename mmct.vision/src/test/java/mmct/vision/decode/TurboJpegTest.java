package mmct.vision.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pictures that libjpeg-turbo reduces while it decodes, and what it cannot decode.
class TurboJpegTest {
  private final ImageDecoder decoder = Decoders.turbo(1_000_000);
  private final ImageDecoder jdk = new ImageDecoder(1_000_000);

  @ParameterizedTest
  @CsvSource({
    "8, 8, 83, 61",
    "5, 8, 83, 61",
    "4, 4, 42, 31",
    "3, 4, 42, 31",
    "2, 2, 21, 16",
    "1, 1, 11, 8"
  })
  void scaleIsTheSmallestThatIsFastAndEnough(int wanted, int given, int width, int height) {
    Decoded decoded = decoder.read(Pictures.jpeg(83, 61), "a").decode(wanted);

    assertThat(decoded.eighths()).isEqualTo(given);
    assertThat(decoded.pixels().width()).isEqualTo(width);
    assertThat(decoded.pixels().height()).isEqualTo(height);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void otherDecodersGiveTheWhole(int wanted) {
    Decoded decoded = jdk.read(Pictures.jpeg(83, 61), "a").decode(wanted);

    assertThat(decoded.eighths()).isEqualTo(8);
    assertThat(decoded.pixels().width()).isEqualTo(83);
  }

  /// A block's mean is its first coefficient, so an eighth of a picture is exact but for rounding:
  /// of the coefficient to the nearest whole mean, and of the pixels that are averaged here.
  @Test
  void anEighthIsTheMeanOfBlocks() {
    byte[] file = Pictures.greyNoise(96, 64, 5);
    Pixels whole = jdk.read(file, "a").pixels();

    Pixels eighth = decoder.read(file, "a").decode(1).pixels();
    for (int i = 0; i < 12 * 8; i++) {
      double sum = 0;
      for (int k = 0; k < 64; k++) {
        sum += whole.rgb()[3 * ((i / 12 * 8 + k / 8) * 96 + i % 12 * 8 + k % 8)] & 255;
      }
      assertThat((double) (eighth.rgb()[3 * i] & 255)).isCloseTo(sum / 64, within(1.0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void reducedPicturesShowTheSame(int eighths) {
    Pixels reduced = decoder.read(Pictures.jpeg(160, 120), "a").decode(eighths).pixels();

    // Red grows by 200 from the left to the right, green downwards; the centre of each pixel
    // counts.
    for (int y = 0; y < reduced.height(); y++) {
      for (int x = 0; x < reduced.width(); x++) {
        int at = 3 * (y * reduced.width() + x);
        double red = 30 + 200 * (x + 0.5) / reduced.width();
        double green = 30 + 200 * (y + 0.5) / reduced.height();
        assertThat((double) (reduced.rgb()[at] & 255)).isCloseTo(red, within(6.0));
        assertThat((double) (reduced.rgb()[at + 1] & 255)).isCloseTo(green, within(6.0));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void reducedPicturesAreTurnedUpright(int orientation) {
    byte[] file = Pictures.withOrientation(Pictures.jpeg(64, 40), orientation, true);

    Picture picture = decoder.read(file, "a");
    Pixels whole = picture.pixels();
    Pixels half = picture.decode(4).pixels();
    assertThat(whole.width()).isEqualTo(picture.width());
    assertThat(half.width()).isEqualTo(picture.width() / 2);
    assertThat(half.height()).isEqualTo(picture.height() / 2);
    for (int corner = 0; corner < 4; corner++) {
      for (int c = 0; c < 3; c++) {
        assertThat((double) corner(half, corner, c))
            .as("corner %d", corner)
            .isCloseTo(corner(whole, corner, c), within(8.0));
      }
    }
  }

  private static int corner(Pixels pixels, int corner, int c) {
    int x = corner % 2 == 0 ? 0 : pixels.width() - 1;
    int y = corner / 2 == 0 ? 0 : pixels.height() - 1;
    return pixels.rgb()[3 * (y * pixels.width() + x) + c] & 255;
  }

  @Test
  void damagedFilesAreReadOrRefusedAsTheJdkDoes() {
    Random random = new Random(11);
    for (byte[] file :
        new byte[][] {Pictures.jpeg(60, 45), Pictures.progressiveJpeg(Pictures.smooth(60, 45))}) {
      for (int i = 0; i < 400; i++) {
        byte[] damaged = file.clone();
        for (int k = random.nextInt(3); k >= 0; k--) {
          damaged[random.nextInt(file.length)] = (byte) random.nextInt(256);
        }
        byte[] cut = Arrays.copyOf(damaged, file.length - (i % 4 == 0 ? random.nextInt(60) : 0));

        String expected = outcome(jdk, cut);
        String actual = outcome(decoder, cut);
        assertThat(actual).as("damage %d", i).isEqualTo(expected);
      }
    }
  }

  private static String outcome(ImageDecoder decoder, byte[] file) {
    try {
      Pixels pixels = decoder.read(file, "a").pixels();
      return pixels.width() + " x " + pixels.height();
    } catch (mmct.api.data.BrokenCellException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void whatIsNoSuchLibraryIsNotUsed(@TempDir Path folder) throws java.io.IOException {
    Path file = Files.write(folder.resolve("libturbojpeg.so.0"), new byte[100]);

    assertThat(TurboJpeg.open(file)).isEmpty();
  }

  @Test
  void versionIsTold() {
    assertThat(TurboJpeg.find().orElseThrow().version()).matches("[0-9]+(\\.[0-9]+)+");
  }
}
