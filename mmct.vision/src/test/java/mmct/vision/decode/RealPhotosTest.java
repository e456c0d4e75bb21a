package mmct.vision.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real photos decode.
class RealPhotosTest {
  @ParameterizedTest
  @CsvSource({"data/coco_mini/images, 418", "data/flickr8k/images, 300"})
  void allDecodeToTheirSizeAndAlmostTheJdksPixels(String folder, int count) throws IOException {
    ImageDecoder decoder = new ImageDecoder(10_000_000);
    List<Path> photos = photos(folder, count);
    assertThat(photos).hasSize(count);
    for (Path photo : photos) {
      Pixels pixels = decoder.read(photo).pixels();

      var image = ImageIO.read(photo.toFile());
      assertThat(pixels.width()).isEqualTo(image.getWidth());
      assertThat(pixels.height()).isEqualTo(image.getHeight());
      int x = image.getWidth() / 3;
      int y = image.getHeight() / 2;
      int at = 3 * (y * pixels.width() + x);
      for (int c = 0; c < 3; c++) {
        int expected = (image.getRGB(x, y) >> (16 - 8 * c)) & 255;
        assertThat((pixels.rgb()[at + c] & 255) - expected).as("%s", photo).isBetween(-1, 1);
      }
    }
  }

  private static List<Path> photos(String folder, int count) throws IOException {
    Path path = Path.of(System.getProperty("mmct.shared", "absent")).resolve(folder);
    assumeTrue(Files.isDirectory(path), "skipped: " + path + " is absent");
    try (Stream<Path> files = Files.list(path)) {
      return files.sorted().limit(count).toList();
    }
  }
}
