package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SymileTest {
  private static final double TEMPERATURE = 0.2;

  private static Loss loss(String negatives) {
    return Options.loss("symile", Map.of("negatives", negatives, "temperature", TEMPERATURE));
  }

  private static double product(List<double[]> rows) {
    double sum = 0;
    for (int d = 0; d < rows.getFirst().length; d++) {
      double product = 1;
      for (double[] row : rows) {
        product *= row[d];
      }
      sum += product;
    }
    return sum;
  }

  /// The rows of a tuple: for each modality the number of the sample it is taken from.
  private static double product(LossCase given, int[] tuple) {
    return product(
        IntStream.range(0, tuple.length)
            .mapToObj(m -> given.sides().get(m).queries().getFirst()[tuple[m]])
            .toList());
  }

  /// All tuples in which one modality is fixed.
  private static List<int[]> tuples(int modalities, int n, int anchor, int row) {
    List<int[]> tuples = new ArrayList<>();
    int count = (int) Math.pow(n, modalities);
    for (int number = 0; number < count; number++) {
      int[] tuple = new int[modalities];
      int rest = number;
      for (int m = 0; m < modalities; m++) {
        tuple[m] = rest % n;
        rest /= n;
      }
      if (tuple[anchor] == row) {
        tuples.add(tuple);
      }
    }
    return tuples;
  }

  /// The tuples of permuted partners, other than the row's own.
  private static List<int[]> permuted(LossCase given, int anchor, int row) {
    int modalities = given.sides().size();
    RowOrder order = RowOrder.of(given.instances(), given.step());
    List<int[]> partners = new ArrayList<>();
    for (int other = 0; other < modalities - 1; other++) {
      partners.add(order.partners(64L * anchor + other));
    }
    List<int[]> tuples = new ArrayList<>();
    int[] own = new int[modalities];
    Arrays.fill(own, row);
    tuples.add(own);
    for (int j = 0; j < given.n(); j++) {
      int[] tuple = new int[modalities];
      for (int m = 0; m < modalities; m++) {
        tuple[m] = m == anchor ? row : partners.get(m < anchor ? m : m - 1)[j];
      }
      if (j != row && !Arrays.equals(tuple, own)) {
        tuples.add(tuple);
      }
    }
    return tuples;
  }

  private static double[] formula(LossCase given, boolean all) {
    int modalities = given.sides().size();
    double scale = Math.exp(-given.parameter(Temperature.PARAMETER));
    double[] rows = new double[given.n()];
    for (int i = 0; i < given.n(); i++) {
      int[] own = new int[modalities];
      Arrays.fill(own, i);
      for (int anchor = 0; anchor < modalities; anchor++) {
        List<Double> logits = new ArrayList<>();
        List<int[]> tuples =
            all ? tuples(modalities, given.n(), anchor, i) : permuted(given, anchor, i);
        tuples.forEach(tuple -> logits.add(scale * product(given, tuple)));
        rows[i] += (Formula.logSumExp(logits) - scale * product(given, own)) / modalities;
      }
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "4, 2", "4, 3", "3, 4"})
  void agreesWithBruteForceOverAllCombinations(int n, int modalities) {
    Loss loss = loss("all");
    Formula formula = (given, still) -> formula(given, true);
    formula.check(loss, new LossCases(n, 4, 0).modalities(modalities).of(loss.needs(), 2), 1e-5);
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "5, 2", "5, 3", "4, 5"})
  void agreesWithBruteForceOverPermutedPartners(int n, int modalities) {
    Loss loss = loss("permuted");
    Formula formula = (given, still) -> formula(given, false);
    formula.check(loss, new LossCases(n, 4, 0).modalities(modalities).of(loss.needs(), 3), 1e-5);
  }

  @Test
  void withTwoModalitiesAllCombinationsAreTheClipLoss() {
    Loss loss = loss("all");
    LossCase given = new LossCases(5, 4, 0).of(loss.needs(), 4);
    double[][] x = given.query();
    double[][] y = given.sides().getLast().queries().getFirst();
    float[] rows = given.evaluate(loss).rows();
    for (int i = 0; i < 5; i++) {
      List<Double> there = new ArrayList<>();
      List<Double> back = new ArrayList<>();
      for (int j = 0; j < 5; j++) {
        there.add(Arrays64.dot(x[i], y[j]) / TEMPERATURE);
        back.add(Arrays64.dot(x[j], y[i]) / TEMPERATURE);
      }
      double own = Arrays64.dot(x[i], y[i]) / TEMPERATURE;
      double expected = (Formula.logSumExp(there) + Formula.logSumExp(back)) / 2 - own;
      assertThat((double) rows[i]).isCloseTo(expected, within(1e-5));
    }
  }

  @Test
  void indistinguishableTuplesCostTheLogOfTheirCount() {
    Loss loss = loss("all");
    LossCase given = new LossCases(4, 3, 0).modalities(3).of(loss.needs(), 5);
    for (LossCase.Side side : given.sides()) {
      Arrays.fill(side.queries().getFirst(), new double[] {0.6, 0.8, 0});
    }
    assertThat(given.evaluate(loss).mean()).isCloseTo(Math.log(16), within(1e-5));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
  void aRowsOwnTupleIsNeverItsNegative(long step) {
    Loss loss = loss("permuted");
    LossCase given = new LossCases(2, 3, 0).of(loss.needs(), 6).at(step, 0);
    int[] partners = RowOrder.of(given.instances(), step).partners(0);
    double[] expected = formula(given, false);
    float[] rows = given.evaluate(loss).rows();
    assertThat((double) rows[0]).isCloseTo(expected[0], within(1e-5));
    // Swapped partners meet again in the own pair, which leaves no negative in that direction.
    assertThat(permuted(given, 0, 0)).hasSize(partners[0] == 0 ? 2 : 1);
  }

  @Test
  void partnersFollowFromTheStepAndNotFromTheOrderOfTheRows() {
    long[] instances = {40, 7, 19, 3};
    int[] straight = RowOrder.of(instances, 5).partners(1);
    int[] turned = RowOrder.of(new long[] {3, 19, 7, 40}, 5).partners(1);
    for (int i = 0; i < 4; i++) {
      assertThat(turned[3 - i]).isEqualTo(3 - straight[i]);
    }
    assertThat(RowOrder.of(instances, 5).partners(1)).isEqualTo(straight);
    List<int[]> later =
        IntStream.range(6, 20).mapToObj(step -> RowOrder.of(instances, step).partners(1)).toList();
    assertThat(later).anySatisfy(order -> assertThat(order).isNotEqualTo(straight));
  }

  @Test
  void everyRowIsAPartnerEquallyOften() {
    long[] instances = {9, 4, 6};
    int[][] counts = new int[3][3];
    int steps = 6000;
    for (int step = 0; step < steps; step++) {
      int[] partners = RowOrder.of(instances, step).partners(2);
      assertThat(partners).containsExactlyInAnyOrder(0, 1, 2);
      for (int i = 0; i < 3; i++) {
        counts[i][partners[i]]++;
      }
    }
    for (int[] row : counts) {
      for (int count : row) {
        assertThat(count / (double) steps).isCloseTo(1 / 3.0, within(0.03));
      }
    }
  }
}
