package mmct.eval.knn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The largest of many values.
class NearestTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "7, 1", "7, 7", "100, 20", "1000, 200", "1000, 999"})
  void theNearestAreThoseThatSortingFinds(int count, int wanted) {
    Random random = new Random(count);
    float[] values = new float[count + 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = i < 3 ? 99 : random.nextInt(50) / 10f;
    }
    float[] sorted = Arrays.copyOfRange(values, 3, 3 + count);
    Arrays.sort(sorted);
    float[] nearest = Nearest.of(values, 3, count, wanted);
    for (int i = 0; i < wanted; i++) {
      assertThat(nearest[i]).isEqualTo(sorted[count - 1 - i]);
    }
  }
}
