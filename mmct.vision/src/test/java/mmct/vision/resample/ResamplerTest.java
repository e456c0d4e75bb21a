package mmct.vision.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import mmct.vision.decode.Picture;
import mmct.vision.decode.Pixels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Resampling in whole numbers against the definition in doubles.
class ResamplerTest {
  /// A stretch of one axis and what it becomes.
  record Stretch(double from, double length, int outputs, int low, int high) {
    FilterWeights weights() {
      return FilterWeights.triangle(from, length, outputs, low, high);
    }

    /// Pillow's definition: a triangle as wide as the larger of an input and an output.
    double[] exact(int output) {
      double scale = length / outputs;
      double width = Math.max(1, scale);
      double centre = from + (output + 0.5) * scale;
      double[] weights = new double[high];
      for (int i = low; i < high; i++) {
        weights[i] = Math.max(0, 1 - Math.abs(i + 0.5 - centre) / width);
      }
      double sum = Arrays.stream(weights).sum();
      return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }
  }

  static Stream<Stretch> stretches() {
    return Stream.of(
        new Stretch(0, 40, 8, 0, 40), // a fifth
        new Stretch(0, 40, 40, 0, 40), // as it is
        new Stretch(3, 30, 24, 3, 33), // an odd ratio
        new Stretch(7, 5, 16, 7, 12), // enlarged
        new Stretch(10.37, 21.9, 13, 0, 40), // between pixels, looking beyond its edges
        new Stretch(20, 1, 9, 20, 21), // one pixel
        new Stretch(0, 40, 1, 0, 40)); // all at once
  }

  @ParameterizedTest
  @MethodSource("stretches")
  void agreesWithTheDefinition(Stretch columns) {
    Pixels pixels = random(40, 40, 3);
    int size = columns.outputs();
    Stretch rows = new Stretch(2, 31, size, 2, 33);

    Planes planes = Resampler.toPlanes(pixels, columns.weights(), rows.weights());
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        double[] exact = exact(pixels, columns.exact(x), rows.exact(y));
        assertThat((double) planes.red()[y * size + x]).isCloseTo(exact[0], within(0.05));
        assertThat((double) planes.green()[y * size + x]).isCloseTo(exact[1], within(0.05));
        assertThat((double) planes.blue()[y * size + x]).isCloseTo(exact[2], within(0.05));
      }
    }
  }

  private static double[] exact(Pixels pixels, double[] columns, double[] rows) {
    double[] sums = new double[3];
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < columns.length; x++) {
        for (int c = 0; c < 3; c++) {
          int value = pixels.rgb()[3 * (y * pixels.width() + x) + c] & 0xff;
          sums[c] += rows[y] * columns[x] * value;
        }
      }
    }
    return sums;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 64", "3000, 3, 7", "37, 61, 64", "200, 200, 3"})
  void evenPicturesStayEven(int width, int height, int size) {
    byte[] rgb = new byte[3 * width * height];
    Arrays.fill(rgb, (byte) 255);

    Planes planes =
        Resampler.toPlanes(
            new Pixels(rgb, width, height),
            FilterWeights.triangle(0, width, size, 0, width),
            FilterWeights.triangle(0, height, size, 0, height));
    assertThat(planes.green()).containsOnly(255f);
  }

  @Test
  void mirroredWeightsGiveTheMirroredPicture() {
    Pixels pixels = random(50, 30, 4);
    FilterWeights columns = FilterWeights.triangle(4, 41, 11, 4, 45);
    FilterWeights rows = FilterWeights.triangle(0, 30, 11, 0, 30);

    Planes straight = Resampler.toPlanes(pixels, columns, rows);
    Planes mirrored = Resampler.toPlanes(pixels, columns.mirrored(), rows);
    for (int i = 0; i < 121; i++) {
      assertThat(mirrored.blue()[i]).isEqualTo(straight.blue()[i / 11 * 11 + 10 - i % 11]);
    }
  }

  @Test
  void thousandsOfPixelsOfEachOutputAllCount() {
    // 40,000 columns become two: dark on the left, bright on the right.
    byte[] rgb = new byte[3 * 40_000];
    Arrays.fill(rgb, 60_000, 120_000, (byte) 200);

    Pixels two =
        Resampler.toPixels(
            new Pixels(rgb, 40_000, 1), FilterWeights.area(40_000, 2), FilterWeights.area(1, 1));
    assertThat(two.rgb()).containsExactly(0, 0, 0, 200, 200, 200);
    Planes soft =
        Resampler.toPlanes(
            new Pixels(rgb, 40_000, 1),
            FilterWeights.triangle(0, 40_000, 2, 0, 40_000),
            FilterWeights.triangle(0, 1, 2, 0, 1));
    // A triangle of this width has an eighth of its weight beyond the middle, of seven eighths.
    assertThat(soft.red()[0]).isCloseTo(200f / 7, within(0.1f));
  }

  @Test
  void areaOfAWholeRatioIsTheMeanOfItsBlocks() {
    Pixels pixels = random(40, 30, 5);

    Pixels shrunk = Shrink.toShorterSide(Picture.of(pixels), 10).pixels();
    assertThat(shrunk.width()).isEqualTo(13);
    Pixels square =
        Resampler.toPixels(pixels, FilterWeights.area(40, 10), FilterWeights.area(30, 10));
    for (int y = 0; y < 10; y++) {
      for (int x = 0; x < 10; x++) {
        double sum = 0;
        for (int i = 0; i < 12; i++) {
          sum += pixels.rgb()[3 * ((3 * y + i / 4) * 40 + 4 * x + i % 4) + 1] & 0xff;
        }
        assertThat((double) (square.rgb()[3 * (10 * y + x) + 1] & 0xff))
            .isCloseTo(sum / 12, within(0.55));
      }
    }
  }

  @Test
  void areaCountsFractionsOfPixels() {
    // Five pixels become two: each output is two pixels and half of the middle one.
    byte[] rgb = new byte[15];
    for (int i = 0; i < 5; i++) {
      rgb[3 * i] = (byte) (50 * i);
    }

    Pixels two =
        Resampler.toPixels(
            new Pixels(rgb, 5, 1), FilterWeights.area(5, 2), FilterWeights.area(1, 1));
    assertThat(two.rgb()[0]).isEqualTo((byte) ((0 + 50 + 100 / 2) / 2.5));
    assertThat(two.rgb()[3]).isEqualTo((byte) Math.round((100 / 2 + 150 + 200) / 2.5));
  }

  @ParameterizedTest
  @CsvSource({
    "640, 480, 96, 128, 96",
    "480, 640, 96, 96, 128",
    "100, 3000, 10, 10, 300",
    "80, 60, 96, 80, 60", // small enough already
    "80, 60, 60, 80, 60",
    "80, 60, 0, 80, 60" // off
  })
  void shrinkingSetsTheShorterSideAndNeverEnlarges(
      int width, int height, int side, int expectedWidth, int expectedHeight) {
    Picture shrunk = Shrink.toShorterSide(Picture.of(random(width, height, 6)), side);

    assertThat(shrunk.width()).isEqualTo(expectedWidth);
    assertThat(shrunk.height()).isEqualTo(expectedHeight);
  }

  private static Pixels random(int width, int height, long seed) {
    byte[] rgb = new byte[3 * width * height];
    new Random(seed).nextBytes(rgb);
    return new Pixels(rgb, width, height);
  }
}
