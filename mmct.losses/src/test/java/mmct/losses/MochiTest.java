package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mmct.api.training.data.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mixed hard negatives, beside rows that are really mixed.
class MochiTest {
  private static final double TEMPERATURE = 0.2;

  private static Mochi loss(Mochi.Around around, int hardest, int mixed, int withQuery) {
    return new Mochi(new MochiOptions(TEMPERATURE, around, hardest, mixed, withQuery, 10));
  }

  private static Formula formula(Mochi.Around around, int hardest, int mixed, int withQuery) {
    return (given, still) -> {
      double[] values = new double[given.n()];
      for (int i = 0; i < values.length; i++) {
        List<Double> others = new ArrayList<>();
        for (int j = 0; j < given.queue().length; j++) {
          boolean positive = given.positives().isPresent() && given.positives().get()[i][j];
          if (!given.masked()[i][j] && !positive) {
            others.add(Arrays64.dot(given.query()[i], given.queue()[j]) / TEMPERATURE);
          }
        }
        for (double[] row : mixed(still, i, hardest, mixed, withQuery)) {
          others.add(Arrays64.dot(given.query()[i], row) / TEMPERATURE);
        }
        double own = BatchFormulas.own(given, i, TEMPERATURE);
        values[i] =
            switch (around) {
              case INFO_NCE -> BatchFormulas.infoNce(own, others);
              case DCL -> Formula.logSumExp(others) - own;
            };
      }
      return values;
    };
  }

  /// The mixed rows of a query, made as the paper makes them.
  private static List<double[]> mixed(
      LossCase still, int i, int hardest, int mixed, int withQuery) {
    double[] query = still.query()[i];
    double[][] queue = still.queue();
    int[] nearest =
        IntStream.range(0, queue.length)
            .filter(j -> !still.masked()[i][j])
            .boxed()
            .sorted(Comparator.comparingDouble(j -> -Arrays64.dot(query, queue[j])))
            .limit(hardest)
            .mapToInt(j -> j)
            .toArray();
    List<double[]> rows = new ArrayList<>();
    SplittableRandom pairs =
        new SplittableRandom(Seeds.hash(still.step(), still.instances()[i], 2));
    for (int s = 0; s < mixed; s++) {
      double[] a = queue[nearest[pairs.nextInt(hardest)]];
      double[] b = queue[nearest[pairs.nextInt(hardest)]];
      rows.add(mixture(a, b, (float) pairs.nextDouble(1)));
    }
    SplittableRandom singles =
        new SplittableRandom(Seeds.hash(still.step(), still.instances()[i], 1));
    for (int s = 0; s < withQuery; s++) {
      double[] c = queue[nearest[singles.nextInt(hardest)]];
      rows.add(mixture(query, c, (float) singles.nextDouble(0.5)));
    }
    return rows;
  }

  private static double[] mixture(double[] a, double[] b, double share) {
    double[] row = new double[a.length];
    for (int j = 0; j < row.length; j++) {
      row[j] = share * a[j] + (1 - share) * b[j];
    }
    double length = Math.sqrt(Arrays64.dot(row, row));
    return java.util.Arrays.stream(row).map(x -> x / length).toArray();
  }

  @ParameterizedTest
  @CsvSource({"INFO_NCE, 5, 7, 3", "DCL, 5, 7, 3", "INFO_NCE, 3, 4, 0", "INFO_NCE, 8, 0, 6"})
  void agreesWithRowsThatAreReallyMixed(
      Mochi.Around around, int hardest, int mixed, int withQuery) {
    Mochi loss = loss(around, hardest, mixed, withQuery);
    LossCase given = new LossCases(5, 6, 20, 0.2, 0, 0.3).of(loss.needs(), 3).withoutPositives();
    formula(around, hardest, mixed, withQuery).check(loss, given, 3e-5);
  }

  @Test
  void mixingNothingIsTheLossAroundWhichItStands() {
    LossCase given = new LossCases(5, 6, 20).of(loss(Mochi.Around.INFO_NCE, 4, 0, 0).needs(), 3);
    assertThat(given.evaluate(loss(Mochi.Around.INFO_NCE, 4, 0, 0)))
        .usingRecursiveComparison()
        .isEqualTo(given.evaluate(new InfoNce(TEMPERATURE)));
    LossCase early = given.at(3, 9.9);
    assertThat(early.evaluate(loss(Mochi.Around.DCL, 4, 5, 5)))
        .usingRecursiveComparison()
        .isEqualTo(early.evaluate(new Dcl(new DclOptions(TEMPERATURE, false, 0.5))));
  }

  @Test
  void mixedNegativesCostMore() {
    LossCase given = new LossCases(5, 6, 20).of(loss(Mochi.Around.INFO_NCE, 4, 0, 0).needs(), 3);
    float[] plain = given.evaluate(new InfoNce(TEMPERATURE)).rows();
    float[] mixed = given.evaluate(loss(Mochi.Around.INFO_NCE, 4, 5, 5)).rows();
    for (int i = 0; i < plain.length; i++) {
      assertThat(mixed[i]).isGreaterThan(plain[i]);
    }
  }

  @Test
  void anotherStepDrawsOtherMixtures() {
    Mochi loss = loss(Mochi.Around.INFO_NCE, 4, 5, 5);
    LossCase given = new LossCases(5, 6, 20).of(loss.needs(), 3);
    assertThat(given.at(8, 20).evaluate(loss).rows())
        .isNotEqualTo(given.at(7, 20).evaluate(loss).rows());
    assertThat(given.at(8, 20).evaluate(loss).rows())
        .isEqualTo(given.at(8, 20).evaluate(loss).rows());
  }

  @Test
  void maskedRowsAndPositivesAreNotMixed() {
    Mochi loss = loss(Mochi.Around.INFO_NCE, 20, 9, 9);
    LossCase given = new LossCases(1, 6, 3, 0, 0, 0).of(loss.needs(), 3);
    given.masked()[0][0] = true;
    given.positives().orElseThrow()[0] = new boolean[] {false, true, true};
    assertThat(given.evaluate(loss).rows())
        .as("nothing is left to mix")
        .isEqualTo(given.evaluate(new InfoNce(TEMPERATURE)).rows());
  }
}
