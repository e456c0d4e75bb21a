package mmct.vision;

import static mmct.vision.ImageFixtures.assertSame;
import static mmct.vision.ImageFixtures.modality;
import static mmct.vision.ImageFixtures.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import mmct.api.data.Cell;
import mmct.api.spi.Modality;
import mmct.api.spi.Modality.ViewRequest;
import mmct.vision.decode.JpegLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Views of JPEG files: whichever decoder there is and however far it reduces, they show the same.
class OneDecodingTest {
  /// Without normalisation, in grey levels.
  private static final String LEVELS =
      "\nmean: [0, 0, 0]\nstd: [0.00392156862745098, 0.00392156862745098, 0.00392156862745098]";

  @ParameterizedTest
  @ValueSource(ints = {16, 48, 100})
  void decodersDrawTheSameViews(int size) throws IOException {
    assumeTrue(JpegLibrary.turbo().isPresent(), "skipped: this system has no libjpeg-turbo");
    Cell cell = new Cell.Bytes(smooth(320, 240), "a.jpg");
    Modality java = modality("decoder: java\nsize: " + size + LEVELS);
    Modality turbo = modality("decoder: turbo\nsize: " + size + LEVELS);
    for (int seed = 0; seed < 40; seed++) {
      List<float[]> expected = values(java.draw(cell, new ViewRequest(1, 1, seed)));
      List<float[]> actual = values(turbo.draw(cell, new ViewRequest(1, 1, seed)));
      for (int view = 0; view < 2; view++) {
        // A wrong place of the crop, by a pixel of the reduced picture, would show: colours change
        // by 200 levels over 320 pixels, and the hue turns small differences into larger ones.
        assertThat(meanDifference(actual.get(view), expected.get(view)))
            .as("seed %d", seed)
            .isLessThan(1.5);
      }
    }
  }

  @Test
  void evaluationSeesTheWholePicture() throws IOException {
    assumeTrue(JpegLibrary.turbo().isPresent(), "skipped: this system has no libjpeg-turbo");
    Cell cell = new Cell.Bytes(smooth(640, 480), "a.jpg");

    float[] java =
        ImageFixtures.floats(modality("decoder: java\nsize: 32" + LEVELS).plain(cell).getFirst());
    float[] turbo =
        ImageFixtures.floats(modality("decoder: turbo\nsize: 32" + LEVELS).plain(cell).getFirst());
    // Both convert colours to whole levels, and the view is rounded once more.
    assertThat(turbo).containsExactly(java, within(1.001f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "turbo"})
  void cachesOnDiskAndInMemoryGiveTheSameViews(String decoder, @TempDir Path folder)
      throws IOException {
    assumeTrue(
        decoder.equals("java") || JpegLibrary.turbo().isPresent(),
        "skipped: this system has no libjpeg-turbo");
    Path file = Files.write(folder.resolve("a.jpg"), smooth(320, 240));
    String common = "size: 24\ndecoder: " + decoder;
    String onDisk = common + "\ndiskCache: {folder: '" + folder.resolve("cache") + "'}";
    ViewRequest two = new ViewRequest(1, 1, 42);

    List<float[]> expected =
        values(modality(common + "\ncacheMegabytes: 1").draw(new Cell.File(file), two));
    assertSame(values(modality(onDisk).draw(new Cell.File(file), two)), expected);
    assertSame(values(modality(onDisk).draw(new Cell.File(file), two)), expected);
    assertThat(folder.resolve("cache")).isDirectoryContaining("glob:**.pixels");
    // What does not fit is decoded as what does.
    Path large = Files.write(folder.resolve("b.jpg"), smooth(1000, 1000));
    assertSame(
        values(modality(common + "\ncacheMegabytes: 1").draw(new Cell.File(large), two)),
        values(modality(onDisk).draw(new Cell.File(large), two)));
  }

  @Test
  void shrunkPicturesHaveOneSizeWhateverDecodes() throws IOException {
    assumeTrue(JpegLibrary.turbo().isPresent(), "skipped: this system has no libjpeg-turbo");
    Cell cell = new Cell.Bytes(smooth(333, 251), "a.jpg");
    String settings = "\nsize: 24\nshrink: 40\nevaluation: stretch" + LEVELS;

    float[] java =
        ImageFixtures.floats(modality("decoder: java" + settings).plain(cell).getFirst());
    float[] turbo =
        ImageFixtures.floats(modality("decoder: turbo" + settings).plain(cell).getFirst());
    // At most two levels from rounding twice more, and what reducing does to the last blocks.
    assertThat(turbo).containsExactly(java, within(4f));
  }

  /// A picture of which neither side is a multiple of a block, in each orientation: where its last
  /// reduced pixel reaches beyond it, mirroring brings that to the left or the top.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void turnedPicturesStandWhereTheyStandWhole(int orientation) throws IOException {
    assumeTrue(JpegLibrary.turbo().isPresent(), "skipped: this system has no libjpeg-turbo");
    Cell cell =
        new Cell.Bytes(
            mmct.vision.decode.Pictures.withOrientation(smooth(521, 393), orientation, false),
            "a.jpg");

    for (String settings :
        List.of(
            "\nsize: 32\naugment: {jitter: {probability: 0}, greyProbability: 0}",
            "\nsize: 32\nshrink: 50\nevaluation: stretch")) {
      Modality java = modality("decoder: java" + settings + LEVELS);
      Modality turbo = modality("decoder: turbo" + settings + LEVELS);
      for (int seed = 0; seed < 20; seed++) {
        ViewRequest two = new ViewRequest(1, 1, seed);
        List<float[]> expected = values(java.draw(cell, two));
        List<float[]> actual = values(turbo.draw(cell, two));
        assertThat(meanDifference(actual.getFirst(), expected.getFirst())).isLessThan(0.5);
      }
      assertThat(
              meanDifference(
                  ImageFixtures.floats(turbo.plain(cell).getFirst()),
                  ImageFixtures.floats(java.plain(cell).getFirst())))
          .isLessThan(0.5);
    }
  }

  private static double meanDifference(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  private static byte[] smooth(int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, (30 + 200 * x / width) << 16 | (30 + 200 * y / height) << 8 | 90);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", out);
    return out.toByteArray();
  }
}
