package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// All views of a row at once.
class OneToKTest {
  private static OneToK loss(int views, boolean learned) {
    return new OneToK(new OneToKOptions(views, 0.2, learned, 0.001, 0.5));
  }

  private static Formula formula(int k, boolean learned) {
    return (given, still) -> {
      double temperature = learned ? Math.exp(given.parameter(Temperature.PARAMETER)) : 0.2;
      LossCase.Side many = given.sides().getLast();
      double[] values = new double[given.n()];
      for (int i = 0; i < values.length; i++) {
        List<Double> all = new ArrayList<>();
        List<Double> own = new ArrayList<>();
        double back = 0;
        for (int v = 0; v < k; v++) {
          for (int j = 0; j < values.length; j++) {
            if (many.has(v, j)) {
              double[] view = many.queries().get(v)[j];
              all.add(Arrays64.dot(given.query()[i], view) / temperature);
              if (j == i) {
                own.add(all.getLast());
                double[][] logits =
                    BatchFormulas.similarities(new double[][] {view}, given.query(), temperature);
                double[] targets = BatchFormulas.oneHot(i, values.length, 0);
                back += Formula.crossEntropy(targets, logits[0]);
              }
            }
          }
        }
        double mean = own.stream().mapToDouble(x -> x).average().orElseThrow();
        values[i] = (Formula.logSumExp(all) - mean + back / own.size()) / 2;
      }
      return values;
    };
  }

  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "5, true", "5, false"})
  void agreesWithBruteForceAndFiniteDifferences(int views, boolean learned) {
    OneToK loss = loss(views, learned);
    LossCase given = new LossCases(5, 4, 0).alike(0.3).of(loss.needs(), 2);
    formula(views, learned).check(loss, given, 3e-5);
  }

  @Test
  void oneViewMakesItClip() {
    LossCase given = new LossCases(5, 4, 0).of(loss(1, true).needs(), 2);
    Clip clip = new Clip(new ClipOptions(0.2, true, 0.01, 0.5, 0));
    assertThat(given.evaluate(loss(1, true)).rows())
        .containsExactly(given.evaluate(clip).rows(), within(1e-5f));
  }

  @Test
  void viewsThatNoRowHasChangeNothing() {
    LossCase three = new LossCases(5, 4, 0).of(loss(3, true).needs(), 2);
    three.sides().getLast().present().forEach(present -> Arrays.fill(present, false));
    formula(1, true).check(loss(3, true), three, 3e-5);
  }

  @Test
  void indistinguishableViewsCostWhatItSays() {
    OneToK loss = loss(3, true);
    LossCase given = new LossCases(4, 3, 0).of(loss.needs(), 2);
    given.sides().getLast().present().forEach(present -> Arrays.fill(present, true));
    given
        .sides()
        .forEach(
            side ->
                side.queries()
                    .forEach(
                        view ->
                            Arrays.stream(view)
                                .forEach(
                                    row -> {
                                      Arrays.fill(row, 0);
                                      row[0] = 1;
                                    })));
    assertThat(given.evaluate(loss).mean())
        .isCloseTo((Math.log(12) + Math.log(4)) / 2, within(1e-5))
        .isCloseTo(loss.chanceLevel(3).getAsDouble(), within(1e-5));
  }
}
