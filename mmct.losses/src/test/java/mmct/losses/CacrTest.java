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

class CacrTest {
  private static Map<String, Object> options(boolean detach) {
    return Map.of(
        "positiveViews", 3,
        "attraction", 0.8,
        "repulsion", 1.1,
        "positiveSharpness", 1.4,
        "negativeSharpness", 0.9,
        "detachWeights", detach);
  }

  private static double distance(double[] query, double[] other) {
    return 2 - 2 * dot(query, other);
  }

  /// A mean of distances whose softmax weights come from other distances.
  private static double mean(List<Double> distances, List<Double> weighing, double factor) {
    List<Double> logits = weighing.stream().map(distance -> factor * distance).toList();
    double all = Formula.logSumExp(logits);
    double mean = 0;
    for (int i = 0; i < distances.size(); i++) {
      mean += Math.exp(logits.get(i) - all) * distances.get(i);
    }
    return mean;
  }

  private static List<Double> near(LossCase given, int row) {
    return given.sides().getLast().keys().stream()
        .map(view -> distance(given.query()[row], view[row]))
        .toList();
  }

  private static List<Double> far(LossCase given, int row) {
    List<Double> far = new ArrayList<>();
    for (int j = 0; j < given.queue().length; j++) {
      if (!given.masked()[row][j]) {
        far.add(distance(given.query()[row], given.queue()[j]));
      }
    }
    return far;
  }

  private static double[] formula(LossCase given, LossCase weighing) {
    double[] rows = new double[given.n()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = 0.8 * mean(near(given, i), near(weighing, i), 1.4);
      List<Double> negatives = far(given, i);
      if (!negatives.isEmpty()) {
        rows[i] -= 1.1 * mean(negatives, far(weighing, i), -0.9);
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void agreesWithBruteForceWhetherWeightsCarryAGradientOrNot(boolean detach) {
    Loss loss = Options.loss("cacr", options(detach));
    Formula formula = (given, still) -> formula(given, detach ? still : given);
    formula.check(loss, new LossCases(5, 4, 7).of(loss.needs(), 1), 1e-5);
    formula.check(loss, new LossCases(3, 4, 0).of(loss.needs(), 2), 1e-5);
    formula.check(loss, new LossCases(3, 4, 2, 0.8, 0, 0).of(loss.needs(), 3), 1e-5);
  }

  @Test
  void theAttractionOfOnePositiveIsItsSquaredDistance() {
    Loss loss = Options.loss("cacr", Map.of("positiveViews", 1, "repulsion", 0));
    LossCase given = new LossCases(5, 4, 6).of(loss.needs(), 4);
    float[] rows = given.evaluate(loss).rows();
    for (int i = 0; i < 5; i++) {
      assertThat((double) rows[i])
          .isCloseTo(distance(given.query()[i], given.key()[i]), within(1e-5));
    }
  }

  @Test
  void withoutSharpnessTheRepulsionIsTheMean() {
    Loss loss =
        Options.loss("cacr", Map.of("positiveViews", 1, "attraction", 0, "negativeSharpness", 0));
    LossCase given = new LossCases(5, 4, 6).of(loss.needs(), 4);
    float[] rows = given.evaluate(loss).rows();
    for (int i = 0; i < 5; i++) {
      double mean = far(given, i).stream().mapToDouble(x -> x).average().orElseThrow();
      assertThat((double) rows[i]).isCloseTo(-mean, within(1e-5));
    }
  }

  @Test
  void indistinguishableCandidatesCostNothing() {
    Loss loss = Options.loss("cacr", Map.of());
    LossCase given = new LossCases(2, 3, 8).of(loss.needs(), 1);
    double[] one = {0.6, 0, 0.8};
    for (LossCase.Side side : given.sides()) {
      side.keys().forEach(view -> java.util.Arrays.fill(view, one));
    }
    java.util.Arrays.fill(given.queue(), one);
    assertThat(given.evaluate(loss).mean()).isCloseTo(0, within(1e-5));
    assertThat(loss.chanceLevel(8)).hasValue(0);
  }

  @Test
  void neitherAttractionNorRepulsionIsRefused() {
    assertThatThrownBy(() -> Options.loss("cacr", Map.of("attraction", 0, "repulsion", 0)))
        .hasMessage("one of attraction and repulsion must be above 0 but both are 0");
  }
}
