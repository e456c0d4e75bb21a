package mmct.text.tags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.data.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedTagsTest {
  @Test
  void marksAreTheIndicesOfPresentTags() {
    SharedTags rule = new SharedTags("tags", 2);

    assertThat(rule.marks(View.of(new float[] {0, 1, 0, 1, 1}, 5))).containsExactly(1, 3, 4);
    assertThat(rule.marks(View.of(new float[3], 3))).isEmpty();
  }

  @Test
  void viewsThatAreNoTagVectorsAreRefused() {
    assertThatThrownBy(() -> new SharedTags("tags", 2).marks(View.of(new long[] {1}, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void moreThanTwoMeansThree() {
    List<BitSet> positives =
        new SharedTags("tags", 2)
            .positives(
                List.of(new int[] {1, 2, 3, 9}),
                List.of(new int[] {1, 2}, new int[] {1, 2, 3}, new int[] {0, 1, 2, 3, 4, 9}));

    assertThat(positives).containsExactly(bits(1, 2));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1, 2, 2.5, 7, 1e300})
  void positivesAreThoseOfComparingEveryPair(double moreThan) {
    Random random = new Random(11);
    for (int round = 0; round < 20; round++) {
      List<int[]> queries = randomTags(random, 15, 12);
      List<int[]> rows = randomTags(random, random.nextInt(40), 12);

      List<BitSet> positives = new SharedTags("tags", moreThan).positives(queries, rows);

      assertThat(positives).isEqualTo(comparingAll(queries, rows, moreThan));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 2, 3, 4})
  void rareAndFrequentTagsCountAlike(double moreThan) {
    Random random = new Random(12);
    List<int[]> rows = skewedTags(random, 700);
    List<int[]> queries = skewedTags(random, 60);

    List<BitSet> positives = new SharedTags("tags", moreThan).positives(queries, rows);

    assertThat(positives).isEqualTo(comparingAll(queries, rows, moreThan));
    assertThat(positives.stream().mapToInt(BitSet::cardinality).sum()).isPositive();
  }

  @Test
  void rowsWithoutTagsAndQueriesOfUnseenTagsHaveNoPositives() {
    SharedTags rule = new SharedTags("tags", 0);

    assertThat(rule.positives(List.of(new int[0], new int[] {99}), List.of(new int[] {1})))
        .containsExactly(bits(), bits());
    assertThat(rule.positives(List.of(new int[] {1}), List.of(new int[0], new int[0])))
        .containsExactly(bits());
    assertThat(rule.positives(List.of(new int[] {1}), List.of())).containsExactly(bits());
  }

  @Test
  void aBatchAgainstTheLargestQueueIsNotComparedPairByPair() {
    Random random = new Random(1);
    List<int[]> rows = skewedTags(random, 65_536);
    List<int[]> queries = skewedTags(random, 512);
    SharedTags rule = new SharedTags("tags", 2);
    rule.positives(queries, rows);

    assertTimeout(Duration.ofSeconds(3), () -> rule.positives(queries, rows));
  }

  private static List<BitSet> comparingAll(List<int[]> queries, List<int[]> rows, double moreThan) {
    return queries.stream()
        .map(
            query ->
                bits(
                    IntStream.range(0, rows.size())
                        .filter(row -> shared(query, rows.get(row)) > moreThan)
                        .toArray()))
        .toList();
  }

  private static long shared(int[] a, int[] b) {
    return Arrays.stream(a).filter(tag -> Arrays.binarySearch(b, tag) >= 0).count();
  }

  private static List<int[]> randomTags(Random random, int rows, int tags) {
    return Stream.generate(
            () -> IntStream.range(0, tags).filter(_ -> random.nextInt(3) == 0).toArray())
        .limit(rows)
        .toList();
  }

  /// About 20 tags of 18,157, frequent ones much more often than rare ones.
  private static List<int[]> skewedTags(Random random, int rows) {
    return Stream.generate(
            () ->
                IntStream.range(0, 24)
                    .map(_ -> (int) (18_157 * Math.pow(random.nextDouble(), 4)))
                    .sorted()
                    .distinct()
                    .toArray())
        .limit(rows)
        .toList();
  }

  private static BitSet bits(int... set) {
    BitSet bits = new BitSet();
    Arrays.stream(set).forEach(bits::set);
    return bits;
  }
}
