package mmct.api.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeedsTest {
  /// Written by a few lines of Python that follow SplitMix64's definition.
  @Test
  void permutationsAreThoseOfAnIndependentImplementation() {
    assertThat(Seeds.permutation(10, 42)).containsExactly(4, 6, 1, 8, 2, 5, 9, 3, 0, 7);
    assertThat(Seeds.permutation(10, -1)).containsExactly(9, 3, 7, 4, 5, 1, 8, 0, 6, 2);
    assertThat(Seeds.hash(1, 2, 3)).isEqualTo(5246500226706903259L);
  }

  @Test
  void permutationsHoldEveryNumberOnce() {
    for (int size : new int[] {0, 1, 2, 1000}) {
      int[] sorted = Seeds.permutation(size, 5);
      Arrays.sort(sorted);
      assertThat(sorted).isEqualTo(IntStream.range(0, size).toArray());
    }
  }

  /// Over many seeds each number stands about equally often at each place: chi-square with 81
  /// degrees of freedom exceeds 140 once in 20,000 tries, and these seeds are fixed.
  @Test
  void everyNumberStandsAtEveryPlaceEquallyOften() {
    int size = 10;
    int tries = 20_000;
    int[][] counts = new int[size][size];
    for (int seed = 0; seed < tries; seed++) {
      int[] order = Seeds.permutation(size, Seeds.hash(seed));
      for (int place = 0; place < size; place++) {
        counts[place][order[place]]++;
      }
    }
    double expected = (double) tries / size;
    double chiSquare =
        Arrays.stream(counts)
            .flatMapToInt(Arrays::stream)
            .mapToDouble(count -> (count - expected) * (count - expected) / expected)
            .sum();
    assertThat(chiSquare).isBetween(40.0, 140.0);
  }

  @Test
  void theOrderOfThePartsMatters() {
    assertThat(Seeds.hash(1, 2)).isNotEqualTo(Seeds.hash(2, 1)).isNotEqualTo(Seeds.hash(1, 2, 0));
  }
}
