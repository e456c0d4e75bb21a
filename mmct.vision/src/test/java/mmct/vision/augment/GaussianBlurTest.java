package mmct.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import mmct.vision.resample.Planes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blur against its definition in two dimensions.
class GaussianBlurTest {
  private static final int SIZE = 17;

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.7, 1.3, 2, 9})
  void isTheWeightedMeanOfTheNeighbourhood(double sigma) {
    Planes planes = random();
    float[] original = planes.green().clone();

    new GaussianBlur(sigma).apply(new Workspace(planes));
    for (int i = 0; i < original.length; i++) {
      double exact = exact(original, i % SIZE, i / SIZE, sigma);
      assertThat((double) planes.green()[i]).isCloseTo(exact, within(0.01));
    }
  }

  private static double exact(float[] plane, int x, int y, double sigma) {
    int radius = Math.max(1, (int) Math.ceil(3 * sigma));
    double sum = 0;
    double weights = 0;
    for (int dy = -radius; dy <= radius; dy++) {
      for (int dx = -radius; dx <= radius; dx++) {
        double weight = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
        int row = Math.clamp(y + dy, 0, SIZE - 1);
        int column = Math.clamp(x + dx, 0, SIZE - 1);
        sum += weight * plane[row * SIZE + column];
        weights += weight;
      }
    }
    return sum / weights;
  }

  @Test
  void evenPicturesStayEven() {
    Planes planes = new Planes(SIZE);
    Arrays.fill(planes.red(), 255);

    new GaussianBlur(1.7).apply(new Workspace(planes));
    assertThat(planes.red()).containsOnly(new float[] {255}, within(1e-3f));
    assertThat(planes.blue()).containsOnly(0f);
  }

  private static Planes random() {
    Random random = new Random(8);
    Planes planes = new Planes(SIZE);
    for (float[] plane : new float[][] {planes.red(), planes.green(), planes.blue()}) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] = 255 * random.nextFloat();
      }
    }
    return planes;
  }
}
