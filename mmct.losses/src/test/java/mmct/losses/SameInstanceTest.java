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
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows of one instance in one batch, such as five rows of one picture: neither negatives nor
/// positives of each other.
class SameInstanceTest {
  /// A value per row that comes of the row and what it is told apart from alone.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "clip",
        "clip labelSmoothing=0.2 directionWeight=0.75",
        "gram",
        "siglip",
        "cwcl",
        "cwcl reference=backbone weightTemperature=0.1",
        "albef alpha=0.4 rampEpochs=0",
        "one-to-k views=1",
        "margin-ranking twoWay=true",
        "margin-ranking twoWay=true reduction=mean margin=1.5",
        "margin-ranking twoWay=true reduction=max",
        "isogclr",
        "m3col mixingEpochs=0",
        "mv-dhel",
        "mv-infonce",
        "symile negatives=all"
      })
  void theOtherRowMightAsWellNotBeThere(String name) {
    Loss loss = Options.of(name);
    LossCase given = new LossCases(5, 4, 6).alike(0.3).of(loss.needs(), 7).of(11, 12, 11, 13, 14);
    LossCase first = given.rows(0, 1, 3, 4);
    LossCase second = given.rows(2, 1, 3, 4);
    LossCase.Outcome both = given.evaluate(loss);
    assertThat((double) both.rows()[0]).isCloseTo(first.evaluate(loss).rows()[0], within(1e-5));
    assertThat((double) both.rows()[2]).isCloseTo(second.evaluate(loss).rows()[0], within(1e-5));
    // As rows of different instances they are negatives of each other.
    LossCase different = given.of(11, 12, 15, 13, 14);
    assertThat(different.evaluate(loss).rows()[0]).isNotEqualTo(both.rows()[0]);
    // What other rows are told apart from has not changed.
    assertThat((double) both.rows()[1]).isCloseTo(different.evaluate(loss).rows()[1], within(1e-6));
  }

  @ParameterizedTest
  @MethodSource("mmct.losses.EveryLossTest#forms")
  void aBatchOfOneInstanceGivesFiniteValuesAndGradients(String name) {
    Loss loss = Options.of(name);
    for (double[] at : new double[][] {{0, 0}, {500, 20}, {2000, 60}}) {
      LossCase given =
          new LossCases(4, 3, 8)
              .modalities(3)
              .of(loss.needs(), 3)
              .of(5, 5, 5, 5)
              .at((long) at[0], at[1]);
      LossCase.Outcome outcome = given.evaluate(loss);
      for (float row : outcome.rows()) {
        assertThat(row).isFinite();
      }
      outcome
          .queries()
          .forEach(
              views ->
                  views.forEach(
                      view -> {
                        for (float[] row : view) {
                          for (float value : row) {
                            assertThat(value).isFinite();
                          }
                        }
                      }));
      outcome
          .states()
          .forEach((state, values) -> assertThat(values).as(state).doesNotContain(Float.NaN));
    }
  }

  /// Losses whose value is what is left where nothing is there to be told apart from.
  @ParameterizedTest
  @ValueSource(strings = {"clip", "gram", "cwcl", "isogclr", "symile", "symile negatives=all"})
  void nothingIsToldApartInABatchOfOneInstance(String name) {
    Loss loss = Options.of(name);
    LossCase given = new LossCases(8, 4, 0).of(loss.needs(), 3).of(new long[8]);
    for (float row : given.evaluate(loss).rows()) {
      assertThat((double) row).isCloseTo(0, within(1e-6));
    }
  }

  private static double[] symile(LossCase given) {
    double scale = Math.exp(-given.parameter(Temperature.PARAMETER));
    int n = given.n();
    RowOrder order = RowOrder.of(given.instances(), given.step());
    double[] rows = new double[n];
    for (int i = 0; i < n; i++) {
      for (int anchor = 0; anchor < 3; anchor++) {
        int[][] partners = {order.partners(64L * anchor), order.partners(64L * anchor + 1)};
        double own = scale * product(given, i, i, i);
        List<Double> logits = new ArrayList<>(List.of(own));
        for (int j = 0; j < n; j++) {
          int[] tuple = {partners[0][j], partners[1][j]};
          int row = i;
          boolean one =
              Arrays.stream(tuple).allMatch(t -> given.instances()[t] == given.instances()[row]);
          if (j != i && !one) {
            List<Integer> places = new ArrayList<>(List.of(tuple[0], tuple[1]));
            places.add(anchor, i);
            logits.add(scale * product(given, places.get(0), places.get(1), places.get(2)));
          }
        }
        rows[i] += (Formula.logSumExp(logits) - own) / 3;
      }
    }
    return rows;
  }

  private static double product(LossCase given, int a, int b, int c) {
    double sum = 0;
    for (int d = 0; d < given.query()[0].length; d++) {
      sum +=
          given.sides().get(0).queries().getFirst()[a][d]
              * given.sides().get(1).queries().getFirst()[b][d]
              * given.sides().get(2).queries().getFirst()[c][d];
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aPermutedTupleOfOneInstanceIsNoNegative(long step) {
    Loss loss = Options.loss("symile", Map.of("temperature", 0.2));
    LossCase given =
        new LossCases(5, 3, 0).modalities(3).of(loss.needs(), step).of(4, 9, 4, 9, 4).at(step, 0);
    Formula formula = (now, still) -> symile(now);
    formula.check(loss, given, 1e-5);
  }

  private static double uniformity(double[][] left, double[][] right, LossCase given) {
    List<Double> potentials = new ArrayList<>();
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < left.length; j++) {
        if (given.instances()[i] != given.instances()[j]) {
          double square = 0;
          for (int d = 0; d < left[i].length; d++) {
            square += Math.pow(left[i][d] - right[j][d], 2);
          }
          potentials.add(-2 * square);
        }
      }
    }
    return Formula.logSumExp(potentials) - Math.log(potentials.size());
  }

  @Test
  void uniformityIsOfPairsOfDifferentInstances() {
    Loss loss =
        Options.loss("alignment-uniformity", Map.of("alignment", 0, "crossUniformity", 0.5));
    LossCase given = new LossCases(5, 3, 0).of(loss.needs(), 2).of(1, 2, 1, 3, 2);
    Formula formula =
        (now, still) -> {
          double[][] x = now.query();
          double[][] y = now.sides().getLast().queries().getFirst();
          return new double[] {
            0.5 * (uniformity(x, x, now) + uniformity(y, y, now) + uniformity(x, y, now))
          };
        };
    formula.check(loss, given, 1e-5);
  }

  @Test
  void aMixtureIsToldApartFromOtherInstancesThanThoseOfItsTwoRows() {
    Loss loss = Options.loss("m3col", Map.of("mixedShare", 1, "temperature", 0.5));
    LossCase given = new LossCases(6, 4, 0).of(loss.needs(), 8).of(1, 2, 1, 3, 2, 4).at(17, 0);
    Formula formula =
        (now, still) -> {
          double[] rows = new double[now.n()];
          double[][] x = now.query();
          double[][] y = now.sides().getLast().queries().getFirst();
          mixed(x, y, now, 1, rows);
          mixed(y, x, now, 2, rows);
          return rows;
        };
    formula.check(loss, given, 2e-5);
  }

  /// Adds a quarter of the rows' and of the columns' cross-entropies.
  private static void mixed(
      double[][] x, double[][] y, LossCase given, int purpose, double[] rows) {
    int n = given.n();
    RowOrder order = RowOrder.of(given.instances(), given.step());
    int[] partners = order.partners(purpose);
    M3Col loss = (M3Col) Options.loss("m3col", Map.of("mixedShare", 1, "temperature", 0.5));
    float[] shares = loss.shares(n, order, purpose + 2L);
    double[][] logits = new double[n][n];
    double[][] targets = new double[n][n];
    for (int i = 0; i < n; i++) {
      double[] mixture = new double[x[i].length];
      for (int d = 0; d < mixture.length; d++) {
        mixture[d] = shares[i] * x[i][d] + (1 - (double) shares[i]) * x[partners[i]][d];
      }
      double length = Math.sqrt(Arrays64.dot(mixture, mixture));
      for (int j = 0; j < n; j++) {
        boolean own = j == i || j == partners[i];
        boolean same =
            given.instances()[j] == given.instances()[i]
                || given.instances()[j] == given.instances()[partners[i]];
        logits[i][j] =
            same && !own ? Double.NEGATIVE_INFINITY : Arrays64.dot(mixture, y[j]) / length / 0.5;
      }
      targets[i][i] += shares[i];
      targets[i][partners[i]] += 1 - (double) shares[i];
    }
    for (int i = 0; i < n; i++) {
      int row = i;
      rows[i] += crossEntropy(targets[i], logits[i]) / 4;
      double[] column = IntStream.range(0, n).mapToDouble(k -> logits[k][row]).toArray();
      double[] wanted = IntStream.range(0, n).mapToDouble(k -> targets[k][row]).toArray();
      rows[i] += crossEntropy(wanted, column) / 4;
    }
  }

  private static double crossEntropy(double[] targets, double[] logits) {
    double all = Formula.logSumExp(Arrays.stream(logits).boxed().toList());
    return IntStream.range(0, logits.length)
        .filter(j -> targets[j] > 0)
        .mapToDouble(j -> targets[j] * (all - logits[j]))
        .sum();
  }

  /// The other rows' views are what a view's statistics are made of, so the formula is that of
  /// [WhitenedCse] with some logits left out: as many rows of one instance as there are cost what
  /// the row alone costs, nothing.
  @Test
  void whitenedViewsOfOneInstanceAreNoNegatives() {
    Loss loss = Options.loss("whitened-cse", Map.of("views", 1, "groupSize", 2));
    LossCase given = new LossCases(6, 4, 0).of(loss.needs(), 8);
    assertThat(given.of(3, 3, 3, 3, 3, 3).evaluate(loss).mean()).isCloseTo(0, within(1e-6));
    double all = given.evaluate(loss).mean();
    double some = given.of(1, 2, 1, 3, 2, 4).evaluate(loss).mean();
    assertThat(some).isPositive().isLessThan(all);
  }

  @Test
  void severalViewsOfOtherRowsAreLeftOutToo() {
    Loss loss = Options.of("one-to-k views=3");
    LossCase given = new LossCases(4, 4, 0).of(loss.needs(), 9).of(1, 2, 1, 3);
    float row = given.evaluate(loss).rows()[0];
    assertThat((double) row).isCloseTo(given.rows(0, 1, 3).evaluate(loss).rows()[0], within(1e-5));
  }

  @Test
  void theStateOfARowWithNothingToBeToldApartFromStays() {
    Loss loss = Options.of("isogclr");
    LossCase given = new LossCases(3, 4, 0).of(loss.needs(), 9);
    LossCase.Outcome alone = given.of(1, 1, 1).evaluate(loss);
    given
        .states()
        .forEach(
            (name, state) -> {
              double[] before = state.numbers().values();
              for (int i = 0; i < 3; i++) {
                assertThat((double) alone.states().get(name)[i]).isEqualTo(before[i]);
              }
            });
    LossCase.Outcome two = given.of(1, 2, 1).evaluate(loss);
    LossCase.Outcome pair = given.rows(0, 1).evaluate(loss);
    for (String name : given.states().keySet()) {
      assertThat(two.states().get(name)[0]).isCloseTo(pair.states().get(name)[0], within(1e-5f));
    }
  }

  @Test
  void aRunMasksThemUnlessItIsToldNotTo() {
    Loss loss = Options.of("clip");
    long[] rows = {3, 3, 3, 3, 3, 3, 3, 3};
    try (SmallGraph masking = new SmallGraph(loss, 0, true, "a", "b");
        SmallGraph not = new SmallGraph(loss, 0, false, "a", "b")) {
      assertThat(masking.take(rows, Map.of()).total()).isCloseTo(0, within(1e-6));
      // All rows are alike.
      assertThat(not.take(rows, Map.of()).total()).isCloseTo(Math.log(8), within(1e-5));
    }
  }
}
