package mmct.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.util.Arrays;
import java.util.Random;
import mmct.vision.resample.Planes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Colour operations against closed forms.
class ColourOperationsTest {
  private static final int SIZE = 12;

  @Test
  void brightnessMultipliesUpToWhite() {
    Planes planes = even(100, 180, 20);

    ColourOperations.brightness(planes, 1.5f);
    assertEven(planes, 150, 255, 30);
  }

  @Test
  void withoutContrastAPictureIsItsMeanGrey() {
    Planes planes = random();
    double mean = meanGrey(planes);

    ColourOperations.contrast(planes, 0);
    assertEven(planes, (float) mean, (float) mean, (float) mean);
  }

  @Test
  void contrastKeepsTheMeanGreyWhereNothingIsClipped() {
    Planes planes = random();
    ColourOperations.contrast(planes, 0.5f); // now between 64 and 191 or so
    double mean = meanGrey(planes);

    ColourOperations.contrast(planes, 1.2f);
    assertThat(meanGrey(planes)).isCloseTo(mean, within(1e-3));
  }

  @Test
  void withoutSaturationAPictureIsGrey() {
    Planes planes = random();
    Planes grey = copy(planes);

    ColourOperations.saturation(planes, 0);
    ColourOperations.greyscale(grey);
    assertClose(planes, grey, 1e-3f);
  }

  @Test
  void greyIsTheLumaOfItu601() {
    Planes planes = even(10, 100, 200);

    ColourOperations.greyscale(planes);
    float luma = 0.299f * 10 + 0.587f * 100 + 0.114f * 200;
    assertEven(planes, luma, luma, luma);
  }

  @Test
  void thirdOfATurnPassesTheColoursOn() {
    Planes planes = even(200, 120, 40);

    ColourOperations.hue(planes, 1 / 3f, new Planes(SIZE));
    assertEven(planes, 40, 200, 120);
    ColourOperations.hue(planes, -2 / 3f, new Planes(SIZE));
    assertEven(planes, 120, 40, 200);
  }

  @Test
  void halfATurnMakesRedCyan() {
    Planes planes = even(255, 0, 0);

    ColourOperations.hue(planes, 0.5f, new Planes(SIZE));
    assertEven(planes, 0, 255, 255);
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.5f, -0.1f, 0, 0.03f, 0.1f, 0.25f, 0.5f})
  void hueAgreesWithTheConversionToHsvAndBack(float turn) {
    Planes planes = random();
    Planes expected = copy(planes);
    for (int i = 0; i < SIZE * SIZE; i++) {
      int red = (int) planes.red()[i];
      int green = (int) planes.green()[i];
      int blue = (int) planes.blue()[i];
      float[] hsb = Color.RGBtoHSB(red, green, blue, null);
      Color turned = new Color(Color.HSBtoRGB(hsb[0] + turn, hsb[1], hsb[2]));
      expected.red()[i] = turned.getRed();
      expected.green()[i] = turned.getGreen();
      expected.blue()[i] = turned.getBlue();
    }

    ColourOperations.hue(planes, turn, new Planes(SIZE));
    assertClose(planes, expected, 0.51f); // the JDK rounds to whole numbers
  }

  @Test
  void hueLeavesGreyAlone() {
    Planes planes = even(77, 77, 77);

    ColourOperations.hue(planes, 0.2f, new Planes(SIZE));
    assertEven(planes, 77, 77, 77);
  }

  private static Planes even(float red, float green, float blue) {
    Planes planes = new Planes(SIZE);
    Arrays.fill(planes.red(), red);
    Arrays.fill(planes.green(), green);
    Arrays.fill(planes.blue(), blue);
    return planes;
  }

  /// Whole numbers from 0 to 255, many of them equal to one another within a pixel.
  private static Planes random() {
    Random random = new Random(3);
    Planes planes = new Planes(SIZE);
    for (float[] plane : new float[][] {planes.red(), planes.green(), planes.blue()}) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] = i % 3 == 0 ? 85 * random.nextInt(4) : random.nextInt(256);
      }
    }
    return planes;
  }

  private static Planes copy(Planes planes) {
    return new Planes(planes.red().clone(), planes.green().clone(), planes.blue().clone(), SIZE);
  }

  private static double meanGrey(Planes planes) {
    double sum = 0;
    for (int i = 0; i < SIZE * SIZE; i++) {
      sum += 0.299 * planes.red()[i] + 0.587 * planes.green()[i] + 0.114 * planes.blue()[i];
    }
    return sum / (SIZE * SIZE);
  }

  private static void assertEven(Planes planes, float red, float green, float blue) {
    assertClose(planes, even(red, green, blue), 1e-3f);
  }

  private static void assertClose(Planes actual, Planes expected, float tolerance) {
    assertThat(actual.red()).as("red").containsExactly(expected.red(), within(tolerance));
    assertThat(actual.green()).as("green").containsExactly(expected.green(), within(tolerance));
    assertThat(actual.blue()).as("blue").containsExactly(expected.blue(), within(tolerance));
  }
}
