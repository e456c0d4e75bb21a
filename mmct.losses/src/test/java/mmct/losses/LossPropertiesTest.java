package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.losses.MarginRanking.Reduction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What must hold of the two objectives of the paper whatever the numbers; what holds of every
/// objective is in [EveryLossTest].
class LossPropertiesTest {
  private static final int N = 6;
  private static final int D = 5;
  private static final int K = 9;

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  static Stream<Loss> losses() {
    return Stream.of(
        new InfoNce(0.07),
        new InfoNce(1),
        new MarginRanking(0.2, Reduction.SUM),
        new MarginRanking(0.2, Reduction.MEAN),
        new MarginRanking(0.2, Reduction.MAX));
  }

  @Test
  void indistinguishableCandidatesCostTheLogOfTheirCount() {
    NDArray one = manager.ones(new Shape(1, 4)).div(2);
    LossInput input =
        LossInput.pair(one, one).queue(manager.ones(new Shape(32768, 4)).div(2)).build();
    assertThat(value(new InfoNce(0.07), input)).isCloseTo(Math.log(32769), within(1e-4));
    assertThat(new InfoNce(0.07).chanceLevel(32768).getAsDouble()).isCloseTo(10.397, within(1e-3));
  }

  @Test
  void indistinguishableCandidatesCostTheMarginEach() {
    NDArray one = manager.ones(new Shape(1, 4)).div(2);
    LossInput input =
        LossInput.pair(one, one).queue(manager.ones(new Shape(100, 4)).div(2)).build();
    assertThat(value(new MarginRanking(0.2, Reduction.SUM), input)).isCloseTo(20, within(1e-4));
    assertThat(value(new MarginRanking(0.2, Reduction.MEAN), input)).isCloseTo(0.2, within(1e-6));
    assertThat(value(new MarginRanking(0.2, Reduction.MAX), input)).isCloseTo(0.2, within(1e-6));
    assertThat(new MarginRanking(0.2, Reduction.SUM).chanceLevel(100))
        .isEqualTo(OptionalDouble.of(20));
  }

  @Test
  void infoNceIsTheSoftplusOfItsDecoupledForm() {
    Arrays64 arrays = Arrays64.random(N, D, K, 0, 3);
    float[] rows = rows(new InfoNce(0.5), arrays, false);
    for (int i = 0; i < N; i++) {
      double sum = 0;
      for (double[] row : arrays.queue()) {
        sum += Math.exp(Arrays64.dot(arrays.query()[i], row) / 0.5);
      }
      double decoupled = Math.log(sum) - Arrays64.dot(arrays.query()[i], arrays.key()[i]) / 0.5;
      assertThat((double) rows[i]).isCloseTo(Math.log1p(Math.exp(decoupled)), within(1e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void agreesWithBruteForceWithMaskedRows(Loss loss) {
    Arrays64 arrays = Arrays64.random(N, D, K, 0.3, 4);
    float[] rows = rows(loss, arrays, true);
    for (int i = 0; i < N; i++) {
      assertThat((double) rows[i]).isCloseTo(bruteForce(loss, arrays, i), within(2e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aMaskedRowMightAsWellNotBeThere(Loss loss) {
    Arrays64 all = Arrays64.random(1, D, K, 0.5, 5);
    List<double[]> kept = new ArrayList<>();
    for (int j = 0; j < K; j++) {
      if (!all.masked()[0][j]) {
        kept.add(all.queue()[j]);
      }
    }
    Arrays64 without =
        new Arrays64(
            all.query(), all.key(), kept.toArray(double[][]::new), new boolean[1][kept.size()]);
    assertThat(rows(loss, all, true)[0]).isCloseTo(rows(loss, without, false)[0], within(1e-5f));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theGradientIsThatOfFiniteDifferences(Loss loss) {
    Arrays64 arrays = Arrays64.random(N, D, K, 0.2, 7);
    float[] gradient = gradient(loss, arrays);
    double step = 1e-5;
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < D; j++) {
        double before = arrays.query()[i][j];
        arrays.query()[i][j] = before + step;
        double above = bruteForce(loss, arrays, i);
        arrays.query()[i][j] = before - step;
        double below = bruteForce(loss, arrays, i);
        arrays.query()[i][j] = before;
        assertThat((double) gradient[i * D + j])
            .isCloseTo((above - below) / (2 * step) / N, within(1e-4));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void anEmptyQueueCostsNothingAndIsFinite(Loss loss) {
    Arrays64 arrays = Arrays64.random(N, D, 0, 0, 8);
    float[] rows = rows(loss, arrays, false);
    assertThat(rows).hasSize(N);
    for (float row : rows) {
      assertThat((double) row).isEqualTo(0.0, within(0.0));
    }
  }

  @Test
  void theLargestHingeIsNeverMoreThanTheirSum() {
    for (int seed = 0; seed < 20; seed++) {
      Arrays64 arrays = Arrays64.random(N, D, K, 0.2, seed);
      float[] sum = rows(new MarginRanking(0.2, Reduction.SUM), arrays, true);
      float[] max = rows(new MarginRanking(0.2, Reduction.MAX), arrays, true);
      for (int i = 0; i < N; i++) {
        assertThat(max[i]).isLessThanOrEqualTo(sum[i] + 1e-6f);
      }
    }
  }

  @Test
  void theHingeIsAtRestOnceTheKeyIsNearEnough() {
    NDArray query = manager.create(new float[][] {{1, 0}});
    NDArray far = manager.create(new float[][] {{0, 1}, {-1, 0}});
    LossInput input = LossInput.pair(query, query).queue(far).build();
    assertThat(value(new MarginRanking(0.2, Reduction.SUM), input)).isZero();
  }

  @Test
  void theOwnKeyAloneAmongThePositivesIsPlainInfoNce() {
    Arrays64 arrays = Arrays64.random(N, D, K, 0, 9);
    NDArray nobody = Arrays64.array(new boolean[N][K], K, manager);
    LossInput plain = input(arrays, false).build();
    LossInput ruled = input(arrays, false).positives(nobody).build();
    assertThat(new InfoNce(0.1).evaluate(ruled).value().toFloatArray())
        .containsExactly(new InfoNce(0.1).evaluate(plain).value().toFloatArray(), within(1e-6f));
  }

  @Test
  void theOrderOfThePositivesIsOfNoConsequence() {
    Arrays64 arrays = Arrays64.random(N, D, K, 0, 10);
    NDArray some = Arrays64.array(Arrays64.random(N, D, K, 0.4, 11).masked(), K, manager);
    NDArray order = manager.create(new long[] {8, 3, 1, 0, 2, 7, 6, 5, 4});
    LossInput straight = input(arrays, false).positives(some).build();
    NDArray shuffledQueue =
        Arrays64.array(arrays.queue(), D, manager).get(new NDIndex("{}", order));
    LossInput shuffled =
        LossInput.pair(
                Arrays64.array(arrays.query(), D, manager),
                Arrays64.array(arrays.key(), D, manager))
            .queue(shuffledQueue)
            .positives(some.get(new NDIndex(":, {}", order)))
            .build();
    assertThat(new InfoNce(0.1).evaluate(shuffled).value().toFloatArray())
        .containsExactly(new InfoNce(0.1).evaluate(straight).value().toFloatArray(), within(1e-5f));
  }

  @Test
  void aWrongOptionIsToldByKeyValueAndRange() {
    assertThatThrownBy(
            () -> Settings.assignment("temperature=0").bind(new InfoNceProvider().options()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("temperature must be at least 1e-6 but was 0")
        .hasMessageContaining("--set temperature=0");
    assertThatThrownBy(
            () ->
                Settings.assignment("reduction=median").bind(new MarginRankingProvider().options()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("one of sum, mean, max");
  }

  private LossInput.Builder input(Arrays64 arrays, boolean mask) {
    LossInput.Builder input =
        LossInput.pair(
                Arrays64.array(arrays.query(), D, manager),
                Arrays64.array(arrays.key(), D, manager))
            .queue(Arrays64.array(arrays.queue(), D, manager));
    return mask
        ? input.masked(Arrays64.array(arrays.masked(), arrays.queue().length, manager))
        : input;
  }

  private float[] rows(Loss loss, Arrays64 arrays, boolean mask) {
    return loss.evaluate(input(arrays, mask).build()).value().toFloatArray();
  }

  private double value(Loss loss, LossInput input) {
    return loss.evaluate(input).value().mean().getFloat();
  }

  private float[] gradient(Loss loss, Arrays64 arrays) {
    try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
      NDArray query = Arrays64.array(arrays.query(), D, manager);
      query.setRequiresGradient(true);
      LossInput input =
          LossInput.pair(query, Arrays64.array(arrays.key(), D, manager))
              .queue(Arrays64.array(arrays.queue(), D, manager))
              .masked(Arrays64.array(arrays.masked(), K, manager))
              .build();
      NDArray mean = loss.evaluate(input).value().mean();
      gradients.backward(mean);
      return query.getGradient().toFloatArray();
    }
  }

  /// The value of one row by the formula, in float64.
  private static double bruteForce(Loss loss, Arrays64 arrays, int row) {
    double own = Arrays64.dot(arrays.query()[row], arrays.key()[row]);
    double sum = 0;
    double largest = 0;
    int count = 0;
    for (int j = 0; j < arrays.queue().length; j++) {
      if (!arrays.masked()[row][j]) {
        double other = Arrays64.dot(arrays.query()[row], arrays.queue()[j]);
        count++;
        switch (loss) {
          case InfoNce nce -> sum += Math.exp(other / nce.temperature());
          case MarginRanking ranking -> {
            double hinge = Math.max(0, ranking.margin() - own + other);
            sum += hinge;
            largest = Math.max(largest, hinge);
          }
          default -> throw new AssertionError(loss);
        }
      }
    }
    return switch (loss) {
      case InfoNce nce -> Math.log1p(sum / Math.exp(own / nce.temperature()));
      case MarginRanking ranking ->
          switch (ranking.reduction()) {
            case SUM -> sum;
            case MEAN -> sum / Math.max(1, count);
            case MAX -> largest;
          };
      default -> throw new AssertionError(loss);
    };
  }
}
