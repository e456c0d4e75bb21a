package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwAvTest {
  private static final int PROTOTYPES = 5;
  private static final double TEMPERATURE = 0.2;
  private static final double EPSILON = 0.3;

  private static Loss loss(int views, int assigned) {
    return Options.loss(
        "swav",
        Map.of(
            "prototypes", PROTOTYPES,
            "temperature", TEMPERATURE,
            "sinkhornTemperature", EPSILON,
            "views", views,
            "assigned", assigned,
            "freezeSteps", 0));
  }

  private static double[][] prototypes(LossCase given) {
    double[] flat = given.parameters().get("prototypes").values();
    int width = flat.length / PROTOTYPES;
    double[][] prototypes = new double[PROTOTYPES][];
    for (int c = 0; c < PROTOTYPES; c++) {
      double[] row = Arrays.copyOfRange(flat, c * width, (c + 1) * width);
      double length = Math.sqrt(Arrays64.dot(row, row));
      prototypes[c] = Arrays.stream(row).map(value -> value / length).toArray();
    }
    return prototypes;
  }

  /// Sinkhorn's iterations without logarithms, over the rows that have the view.
  private static double[][] codes(
      LossCase given, LossCase.Side side, int view, double[][] prototypes) {
    double[][] codes = new double[given.n()][PROTOTYPES];
    for (int i = 0; i < codes.length; i++) {
      for (int c = 0; c < PROTOTYPES; c++) {
        double score = Arrays64.dot(side.queries().get(view)[i], prototypes[c]);
        codes[i][c] = side.has(view, i) ? Math.exp(score / EPSILON) : 0;
      }
    }
    for (int iteration = 0; iteration < 3; iteration++) {
      for (int c = 0; c < PROTOTYPES; c++) {
        double sum = 0;
        for (double[] row : codes) {
          sum += row[c];
        }
        for (double[] row : codes) {
          row[c] /= sum;
        }
      }
      for (double[] row : codes) {
        double sum = Arrays.stream(row).sum();
        for (int c = 0; c < PROTOTYPES && sum > 0; c++) {
          row[c] /= sum;
        }
      }
    }
    return codes;
  }

  private static double[] logits(LossCase given, double[] features) {
    return Arrays.stream(prototypes(given))
        .mapToDouble(prototype -> Arrays64.dot(features, prototype) / TEMPERATURE)
        .toArray();
  }

  private record Place(int side, int view) {}

  private static double[] formula(LossCase given, LossCase still, int assigned, double[][] fixed) {
    List<Place> places = new ArrayList<>();
    for (int s = 0; s < given.sides().size(); s++) {
      for (int v = 0; v < given.sides().get(s).queries().size(); v++) {
        places.add(new Place(s, v));
      }
    }
    double[] rows = new double[given.n()];
    int[] counts = new int[given.n()];
    for (Place from : places) {
      double[][] codes = codes(still, still.sides().get(from.side()), from.view(), fixed);
      for (Place to : places) {
        for (int i = 0; i < rows.length; i++) {
          boolean both =
              given.sides().get(from.side()).has(from.view(), i)
                  && given.sides().get(to.side()).has(to.view(), i);
          if (from.view() < assigned && !from.equals(to) && both) {
            double[] features = given.sides().get(to.side()).queries().get(to.view())[i];
            rows[i] += Formula.crossEntropy(codes[i], logits(given, features));
            counts[i]++;
          }
        }
      }
    }
    long part = Arrays.stream(counts).filter(count -> count > 0).count();
    for (int i = 0; i < rows.length; i++) {
      rows[i] = counts[i] == 0 ? 0 : rows[i] / counts[i] * rows.length / part;
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 2, 2", "5, 1, 2, 2", "6, 4, 1, 2", "4, 2, 2, 1"})
  void agreesWithBruteForceOverCropsThatSomeRowsLack(
      int n, int views, int modalities, int assigned) {
    Loss loss = loss(views, assigned);
    LossCase given = new LossCases(n, 3, 0).modalities(modalities).of(loss.needs(), n);
    double[][] fixed = prototypes(given);
    Formula formula = (now, still) -> formula(now, still, assigned, fixed);
    formula.check(loss, given, 2e-5);
  }

  private static float[] assignments(int rows, int prototypes, double scale, int iterations) {
    SplittableRandom random = new SplittableRandom(1);
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] scores = new float[rows * prototypes];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = (float) (scale * (2 * random.nextDouble() - 1));
      }
      NDArray logits = manager.create(scores, new Shape(rows, prototypes));
      return Sinkhorn.assignments(logits, manager.ones(new Shape(rows)), iterations).toFloatArray();
    }
  }

  @Test
  void eachRowIsSharedOutWhollyAndAllPrototypesAreUsedAlike() {
    float[] shares = assignments(12, 4, 5, 100);
    for (int i = 0; i < 12; i++) {
      double sum = 0;
      for (int c = 0; c < 4; c++) {
        sum += shares[4 * i + c];
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
    for (int c = 0; c < 4; c++) {
      double sum = 0;
      for (int i = 0; i < 12; i++) {
        sum += shares[4 * i + c];
      }
      assertThat(sum).isCloseTo(12 / 4.0, within(1e-3));
    }
  }

  @Test
  void scoresOfAThousandOverflowNothing() {
    for (float share : assignments(6, 3, 1000, 3)) {
      assertThat(share).isBetween(0f, 1.0001f);
    }
  }

  @Test
  void indistinguishablePrototypesCostTheLogOfTheirCount() {
    Loss loss = loss(1, 2);
    LossCase given = new LossCases(4, 3, 0).of(loss.needs(), 2);
    Arrays.fill(given.parameters().get("prototypes").values(), 0.5);
    assertThat(given.evaluate(loss).mean()).isCloseTo(Math.log(PROTOTYPES), within(1e-5));
    assertThat(loss.chanceLevel(0).orElseThrow()).isCloseTo(Math.log(PROTOTYPES), within(1e-12));
  }

  @Test
  void prototypesHaveNoGradientWhileTheyAreFrozen() {
    Loss loss = Options.loss("swav", Map.of("prototypes", 4, "freezeSteps", 10));
    LossCase given = new LossCases(4, 3, 0).of(loss.needs(), 2);
    LossCase.Outcome frozen = given.at(9, 0).evaluate(loss);
    LossCase.Outcome free = given.at(10, 0).evaluate(loss);
    assertThat(frozen.parameters().get("prototypes")).containsOnly(0f);
    assertThat(free.rows()).containsExactly(frozen.rows());
    double most = 0;
    for (float value : free.parameters().get("prototypes")) {
      most = Math.max(most, Math.abs(value));
    }
    assertThat(most).isGreaterThan(1e-3);
  }

  @Test
  void theLengthOfAPrototypeIsOfNoConsequence() {
    Loss loss = loss(1, 2);
    LossCase given = new LossCases(4, 3, 0).of(loss.needs(), 2);
    float[] before = given.evaluate(loss).rows();
    double[] values = given.parameters().get("prototypes").values();
    for (int i = 0; i < values.length; i++) {
      values[i] *= 4;
    }
    assertThat(given.evaluate(loss).rows()).containsExactly(before, within(1e-5f));
  }

  private static double[] row(float[] flat, int c) {
    double[] row = new double[SmallGraph.WIDTH];
    for (int d = 0; d < row.length; d++) {
      row[d] = flat[c * SmallGraph.WIDTH + d];
    }
    return row;
  }

  @Test
  void prototypesHaveLengthOneAndTurnAsTheRateSays() {
    Map<String, Object> options = Map.of("prototypes", 6, "freezeSteps", 1);
    Loss loss = Options.loss("swav", options);
    double rate = 1e-3;
    Map<String, Object> sgd = Map.of("type", "sgd", "lr", rate, "momentum", 0, "weightDecay", 0);
    Map<String, Object> twice =
        Map.of("type", "sgd", "lr", 2 * rate, "momentum", 0, "weightDecay", 0);
    long[] rows = {1, 2, 3, 4, 5, 6};
    try (SmallGraph once = new SmallGraph(loss, 0, true, sgd, "a", "b");
        SmallGraph fast = new SmallGraph(loss, 0, true, twice, "a", "b")) {
      float[] first = once.everything().get("loss.o.prototypes");
      for (int c = 0; c < 6; c++) {
        double[] row = row(first, c);
        assertThat(Arrays64.dot(row, row)).isCloseTo(1, within(1e-6));
      }
      once.take(rows, Map.of());
      assertThat(once.everything().get("loss.o.prototypes")).as("frozen").containsExactly(first);
      fast.restore(once);
      once.take(rows, Map.of());
      fast.take(rows, Map.of());
      float[] slow = once.everything().get("loss.o.prototypes");
      float[] quick = fast.everything().get("loss.o.prototypes");
      double turned = 0;
      for (int c = 0; c < 6; c++) {
        double[] row = row(slow, c);
        assertThat(Arrays64.dot(row, row)).isCloseTo(1, within(1e-6));
        double before = angle(row(first, c), row);
        double doubled = angle(row(first, c), row(quick, c));
        assertThat(doubled).isCloseTo(2 * before, within(0.05 * doubled + 1e-6));
        turned = Math.max(turned, before);
      }
      // Gradients of logits with τ = 0.1 are about 1/τ: 1/d of it would be below.
      assertThat(turned).isGreaterThan(1e-4);
    }
  }

  private static double angle(double[] one, double[] other) {
    double square = 0;
    for (int d = 0; d < one.length; d++) {
      square += Math.pow(one[d] - other[d], 2);
    }
    return Math.sqrt(square);
  }
}
