package mmct.losses;

import static mmct.losses.Arrays64.dot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlignmentUniformityTest {
  private static final Map<String, Double> WEIGHTS =
      Map.of("alignment", 0.7, "uniformity", 1.3, "crossUniformity", 0.4, "sharpness", 1.5);

  private static double distance(double[] a, double[] b) {
    return dot(a, a) + dot(b, b) - 2 * dot(a, b);
  }

  private static double uniformity(List<double[]> left, List<double[]> right) {
    List<Double> logits = new ArrayList<>();
    for (int i = 0; i < left.size(); i++) {
      for (int j = 0; j < right.size(); j++) {
        if (i != j) {
          logits.add(-1.5 * distance(left.get(i), right.get(j)));
        }
      }
    }
    return Formula.logSumExp(logits) - Math.log(logits.size());
  }

  private static double[] formula(LossCase given, LossCase still) {
    List<List<double[]>> views = Pairs.of(given);
    List<double[]> x = views.getFirst();
    List<double[]> y = views.getLast();
    double alignment = 0;
    for (int i = 0; i < x.size(); i++) {
      alignment += distance(x.get(i), y.get(i)) / x.size();
    }
    double value = 0.7 * alignment;
    if (x.size() > 1) {
      value += 1.3 * (uniformity(x, x) + uniformity(y, y)) / 2 + 0.4 * uniformity(x, y);
    }
    return new double[] {value};
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void agreesWithBruteForceBetweenTwoModalities(int rows) {
    Loss loss = Options.loss("alignment-uniformity", WEIGHTS);
    Formula formula = AlignmentUniformityTest::formula;
    formula.check(loss, new LossCases(rows, 4, 0).of(loss.needs(), rows), 1e-5);
  }

  @Test
  void agreesWithBruteForceBetweenTwoViewsThatSomeRowsLack() {
    Map<String, Object> options = new java.util.HashMap<>(WEIGHTS);
    options.put("views", 2);
    Loss loss = Options.loss("alignment-uniformity", options);
    Formula formula = AlignmentUniformityTest::formula;
    LossCase given = new LossCases(7, 4, 0).of(loss.needs(), 3);
    assertThat(Pairs.of(given).getFirst()).hasSizeBetween(2, 6);
    formula.check(loss, given, 1e-5);
  }

  @Test
  void orthogonalRowsHaveTheUniformityOfTheirDistance() {
    Loss loss = Options.loss("alignment-uniformity", Map.of("alignment", 0, "crossUniformity", 0));
    LossCase given = new LossCases(2, 2, 0).of(loss.needs(), 1);
    for (LossCase.Side side : given.sides()) {
      side.queries().getFirst()[0] = new double[] {1, 0};
      side.queries().getFirst()[1] = new double[] {0, 1};
    }
    // The squared distance is 2, t is 2: the logarithm of the only potential is −4.
    assertThat(given.evaluate(loss).mean()).isCloseTo(-4, within(1e-5));
  }

  @Test
  void viewsThatCoincideAreAligned() {
    Loss loss = Options.loss("alignment-uniformity", Map.of("uniformity", 0, "crossUniformity", 0));
    LossCase given = new LossCases(4, 3, 0).alike(1).of(loss.needs(), 1);
    assertThat(given.evaluate(loss).mean()).isCloseTo(0, within(1e-6));
  }

  @Test
  void weightsThatLeaveNothingAreRefused() {
    assertThatThrownBy(
            () ->
                Options.loss(
                    "alignment-uniformity",
                    Map.of("alignment", 0, "uniformity", 0, "crossUniformity", 0)))
        .hasMessage(
            "one of alignment, uniformity and crossUniformity must be above 0 but all are 0");
  }
}
