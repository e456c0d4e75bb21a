package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ISogClrTest {
  private static final double SHARE = 0.8;
  private static final double RADIUS = 1.5;
  private static final Map<String, Object> OPTIONS =
      Map.of("temperature", 0.2, "robustness", RADIUS, "temperatureRate", 0.03);
  private static final List<String> DIRECTIONS = List.of("first", "second");

  private static double similarity(LossCase given, int direction, int anchor, int other) {
    List<List<double[]>> views = Pairs.of(given);
    return direction == 0
        ? Arrays64.dot(views.getFirst().get(anchor), views.getLast().get(other))
        : Arrays64.dot(views.getFirst().get(other), views.getLast().get(anchor));
  }

  private static double state(LossCase given, String name, int row) {
    return given.states().get(name).numbers().values()[row];
  }

  /// What one row gives in one direction, by the formulas.
  private record Row(double value, double logSum, double gradient, double temperature) {}

  private static Row row(LossCase given, LossCase still, int[] rows, int direction, int i) {
    String name = DIRECTIONS.get(direction);
    double temperature = state(still, name + "Temperature", rows[i]);
    List<Double> logits = new ArrayList<>();
    for (int j = 0; j < rows.length; j++) {
      if (j != i) {
        double apart = similarity(still, direction, i, j) - similarity(still, direction, i, i);
        logits.add(apart / temperature);
      }
    }
    double mean = Math.exp(Formula.logSumExp(logits)) / (rows.length - 1);
    double before = state(still, name + "LogSum", rows[i]);
    boolean first = before == Double.NEGATIVE_INFINITY;
    double sum = first ? mean : (1 - SHARE) * Math.exp(before) + SHARE * mean;
    double value = 0;
    double pull = 0;
    int k = 0;
    for (int j = 0; j < rows.length; j++) {
      if (j != i) {
        double weight = Math.exp(logits.get(k)) / sum / (rows.length - 1);
        pull += weight * logits.get(k);
        value += weight * (similarity(given, direction, i, j) - similarity(given, direction, i, i));
        k++;
      }
    }
    double slope = Math.clamp(Math.log(sum) + RADIUS - pull, -5, 5);
    double gradient = 0.1 * state(still, name + "Gradient", rows[i]) + 0.9 * slope;
    double moved = Math.clamp(temperature - 0.03 * gradient, 0.005, 1);
    return new Row(value, Math.log(sum), gradient, moved);
  }

  private static int[] present(LossCase given) {
    LossCase.Side side = given.sides().getFirst();
    return java.util.stream.IntStream.range(0, given.n())
        .filter(i -> given.sides().size() > 1 || side.has(1, i))
        .toArray();
  }

  private static double[] formula(LossCase given, LossCase still) {
    int[] rows = present(given);
    double[] values = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      values[i] = row(given, still, rows, 0, i).value() + row(given, still, rows, 1, i).value();
    }
    boolean all = rows.length == given.n();
    return all ? values : new double[] {java.util.Arrays.stream(values).average().orElse(0)};
  }

  /// A case whose state is that of samples seen before.
  private static LossCase visited(LossCase given) {
    Map<String, LossCase.State> states = new TreeMap<>();
    given
        .states()
        .forEach(
            (name, state) -> {
              double[] values = new double[given.n()];
              for (int i = 0; i < values.length; i++) {
                double some = 0.1 * ((i + name.length()) % 4);
                values[i] = (float) (name.endsWith("Temperature") ? 0.1 + some : some - 0.1);
              }
              values[0] = name.endsWith("LogSum") ? Double.NEGATIVE_INFINITY : values[0];
              states.put(
                  name,
                  new LossCase.State(new LossCase.Numbers(state.numbers().shape(), values), true));
            });
    return new LossCase(
        given.sides(),
        given.positives(),
        given.parameters(),
        states,
        given.instances(),
        given.step(),
        given.epoch());
  }

  private static void check(Loss loss, LossCase given) {
    Formula formula = ISogClrTest::formula;
    formula.check(loss, given, 2e-5);
    LossCase.Outcome outcome = given.evaluate(loss);
    int[] rows = present(given);
    for (int direction = 0; direction < 2; direction++) {
      String name = DIRECTIONS.get(direction);
      float[][] expected = new float[3][given.n()];
      for (int i = 0; i < given.n(); i++) {
        expected[0][i] = (float) state(given, name + "LogSum", i);
        expected[1][i] = (float) state(given, name + "Gradient", i);
        expected[2][i] = (float) state(given, name + "Temperature", i);
      }
      for (int i = 0; i < rows.length; i++) {
        Row row = row(given, given, rows, direction, i);
        expected[0][rows[i]] = (float) row.logSum();
        expected[1][rows[i]] = (float) row.gradient();
        expected[2][rows[i]] = (float) row.temperature();
      }
      assertClose(outcome.states().get(name + "LogSum"), expected[0]);
      assertClose(outcome.states().get(name + "Gradient"), expected[1]);
      assertClose(outcome.states().get(name + "Temperature"), expected[2]);
    }
  }

  private static void assertClose(float[] actual, float[] expected) {
    for (int i = 0; i < expected.length; i++) {
      if (Float.isInfinite(expected[i])) {
        assertThat(actual[i]).isEqualTo(expected[i]);
      } else {
        assertThat(actual[i]).isCloseTo(expected[i], within(2e-5f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 6})
  void valueGradientAndStateAgreeWithBruteForceOnTheFirstVisitAndLater(int n) {
    Loss loss = Options.loss("isogclr", OPTIONS);
    LossCase given = new LossCases(n, 4, 0).of(loss.needs(), n);
    check(loss, given);
    check(loss, visited(given));
  }

  @Test
  void rowsThatLackTheSecondViewKeepTheirState() {
    Map<String, Object> options = new TreeMap<>(OPTIONS);
    options.put("views", 2);
    Loss loss = Options.loss("isogclr", options);
    LossCase given = new LossCases(8, 4, 0).of(loss.needs(), 3);
    assertThat(present(given).length).isBetween(2, 7);
    check(loss, visited(given));
    check(loss, given);
  }

  @Test
  void aSingleRowCostsNothingAndKeepsItsState() {
    Loss loss = Options.loss("isogclr", OPTIONS);
    LossCase.Outcome outcome = new LossCases(1, 4, 0).of(loss.needs(), 1).evaluate(loss);
    assertThat(outcome.rows()).containsExactly(new float[] {0}, within(0f));
    assertThat(outcome.states()).isEmpty();
  }

  @Test
  void theGradientIsThatOfTheRobustObjectiveWhereTheAverageIsTheBatch() {
    Map<String, Object> options = new TreeMap<>(OPTIONS);
    options.put("visitShare", 1);
    Loss loss = Options.loss("isogclr", options);
    LossCase given = new LossCases(5, 4, 0).of(loss.needs(), 8);
    LossCase.Outcome outcome = given.evaluate(loss);
    double[][] x = given.query();
    for (int i = 0; i < 5; i++) {
      for (int d = 0; d < 4; d++) {
        double before = x[i][d];
        x[i][d] = before + 1e-5;
        double above = robust(given);
        x[i][d] = before - 1e-5;
        double below = robust(given);
        x[i][d] = before;
        assertThat((double) outcome.queries().getFirst().getFirst()[i][d])
            .isCloseTo((above - below) / 2e-5, within(1e-4));
      }
    }
  }

  /// The mean of `τ log E exp(h/τ)` in both directions.
  private static double robust(LossCase given) {
    double sum = 0;
    for (int direction = 0; direction < 2; direction++) {
      for (int i = 0; i < given.n(); i++) {
        List<Double> logits = new ArrayList<>();
        for (int j = 0; j < given.n(); j++) {
          if (j != i) {
            double apart = similarity(given, direction, i, j) - similarity(given, direction, i, i);
            logits.add(apart / 0.2);
          }
        }
        sum += 0.2 * (Formula.logSumExp(logits) - Math.log(given.n() - 1.0));
      }
    }
    return sum / given.n();
  }

  @Test
  void aStateFarBelowOrAboveTheBatchOverflowsNothing() {
    Loss loss = Options.loss("isogclr", Map.of());
    for (double end : new double[] {-400, 400}) {
      LossCase given = new LossCases(4, 3, 0).of(loss.needs(), 2);
      for (String direction : DIRECTIONS) {
        java.util.Arrays.fill(given.states().get(direction + "LogSum").numbers().values(), end);
      }
      LossCase.Outcome outcome = given.evaluate(loss);
      assertThat(outcome.mean()).isFinite();
      outcome
          .states()
          .values()
          .forEach(
              values -> {
                for (float value : values) {
                  assertThat(value).isFinite();
                }
              });
    }
  }

  @Test
  void aTemperatureOutsideItsBoundsIsRefused() {
    assertThatThrownBy(() -> Options.loss("isogclr", Map.of("temperature", 2)))
        .hasMessage(
            "temperature must be from lowestTemperature 0.005 to highestTemperature 1.0 but was 2.0");
  }

  @Test
  void withAWholeVisitNothingOfEarlierVisitsIsLeft() {
    Loss loss = Options.loss("isogclr", Map.of("temperature", 0.01, "visitShare", 1));
    LossCase fresh = new LossCases(4, 3, 0).of(loss.needs(), 6);
    LossCase.Outcome expected = fresh.evaluate(loss);
    // An earlier visit at a low temperature may have left an S of e^150, or of e^-150.
    for (double before : new double[] {150, -150}) {
      LossCase given = new LossCases(4, 3, 0).of(loss.needs(), 6);
      for (String direction : DIRECTIONS) {
        java.util.Arrays.fill(given.states().get(direction + "LogSum").numbers().values(), before);
      }
      LossCase.Outcome actual = given.evaluate(loss);
      assertThat(actual.rows()).containsExactly(expected.rows());
      for (String direction : DIRECTIONS) {
        assertThat(actual.states().get(direction + "LogSum"))
            .containsExactly(expected.states().get(direction + "LogSum"));
      }
    }
  }

  @Test
  void nearlyAWholeVisitKeepsTheShareThatIsLeft() {
    double left = 1e-12;
    Loss loss = Options.loss("isogclr", Map.of("temperature", 1, "visitShare", 1 - left));
    LossCase given = new LossCases(2, 3, 0).of(loss.needs(), 6);
    given.states().get("firstLogSum").numbers().values()[0] = 100;
    float actual = given.evaluate(loss).states().get("firstLogSum")[0];
    // What is added is nothing beside e^100.
    assertThat((double) actual).isCloseTo(100 + Math.log1p(-(1 - left)), within(1e-3));
  }
}
