package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import mmct.api.spi.LossInput;
import mmct.losses.CandidateStream.Part;
import mmct.losses.MarginRanking.Reduction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Losses over streamed candidates and over a matrix of similarities, both in float64 beside the
/// formulas in plain Java.
class CandidateStreamTest {
  private static final int N = 5;
  private static final int D = 6;

  /// Numbers that float32 has too, since the losses' constants are of that type.
  private static final double COLD = 0.01f;

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  static Stream<CandidateLoss> losses() {
    return Stream.of(
        new InfoNce(0.125),
        new InfoNce(COLD),
        new InfoNce(0.25, 0.5),
        new InfoNce(0.25, -0.25),
        new Dcl(new DclOptions(0.125, false, 0.5)),
        new MarginRanking(0.25, Reduction.SUM),
        new MarginRanking(0.25, Reduction.MEAN),
        new MarginRanking(0.25, Reduction.MAX));
  }

  /// The two ways to the same numbers; the stream's blocks do not divide the candidates evenly.
  private static final List<BiFunction<LossInput, Double, CandidateLogits>> WAYS =
      List.of(
          SimilarityMatrix::of,
          CandidateLogits::of,
          (input, temperature) -> streamed(input, temperature, 4),
          (input, temperature) -> streamed(input, temperature, 1));

  private static CandidateLogits streamed(LossInput input, double temperature, long block) {
    NDArray query = CandidateLogits.scaled(input, temperature);
    Part part = new Part(input.queue(), input.masked(), Optional.empty());
    return new StreamedLogits(
        query,
        CandidateLogits.own(query, input),
        new CandidateStream(query, List.of(part), block),
        input.positives());
  }

  @ParameterizedTest
  @MethodSource("losses")
  void bothWaysAgreeWithTheFormula(CandidateLoss loss) {
    check(loss, new Given(11, 0, 0, 1));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void bothWaysAgreeWithTheFormulaWithMaskedRows(CandidateLoss loss) {
    check(loss, new Given(11, 0.3, 0, 2));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void bothWaysAgreeWithTheFormulaWithPositives(CandidateLoss loss) {
    check(loss, new Given(11, 0.2, 0.3, 3));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void bothWaysAgreeWithTheFormulaWithoutCandidates(CandidateLoss loss) {
    check(loss, new Given(0, 0, 0, 4));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aRowWithoutACandidateThatTakesPartCostsNothingAndHasNoGradient(CandidateLoss loss) {
    Given given = new Given(9, 0.2, 0, 5);
    Arrays.fill(given.masked[2], true);
    check(loss, given);
    for (var way : WAYS) {
      Outcome outcome = outcome(loss, given, way);
      assertThat(outcome.rows[2]).isEqualTo(0, within(0.0));
      assertThat(outcome.gradient[2]).containsExactly(new double[D], within(0.0));
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void bothWaysAgreeWithTheFormulaAtTheEndsOfTheCosine(CandidateLoss loss) {
    Given given = new Given(12, 0, 0, 6);
    for (int j = 0; j < 12; j++) {
      for (int i = 0; i < D; i++) {
        given.queue[j][i] = given.query[j % N][i] * (j < 6 ? -1 : 1);
      }
    }
    given.key[0] = given.query[0].clone();
    for (int i = 0; i < D; i++) {
      given.key[1][i] = -given.query[1][i];
    }
    check(loss, given);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void permutingTheRowsPermutesValuesAndGradients(CandidateLoss loss) {
    Given given = new Given(11, 0.2, 0.2, 7);
    for (var way : WAYS) {
      Outcome straight = outcome(loss, given, way);
      Outcome back = outcome(loss, given.reversed(), way);
      for (int i = 0; i < N; i++) {
        assertThat(back.rows[N - 1 - i]).isCloseTo(straight.rows[i], within(1e-12));
        assertThat(back.gradient[N - 1 - i]).containsExactly(straight.gradient[i], within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theOrderOfTheCandidatesIsOfNoConsequence(CandidateLoss loss) {
    Given given = new Given(11, 0.2, 0.2, 8);
    Outcome straight = outcome(loss, given, WAYS.get(2));
    Outcome turned = outcome(loss, given.turned(), WAYS.get(2));
    assertThat(turned.rows).containsExactly(straight.rows, within(1e-11));
    for (int i = 0; i < N; i++) {
      assertThat(turned.gradient[i]).containsExactly(straight.gradient[i], within(1e-11));
    }
  }

  @Test
  void queriesMayServeSeveralLossesWithDifferentWeights() {
    Given given = new Given(11, 0.2, 0, 9);
    CandidateLoss one = new InfoNce(0.125);
    CandidateLoss two = new MarginRanking(0.25, Reduction.SUM);
    double[][] first = outcome(one, given, CandidateLogits::of).gradient;
    double[][] second = outcome(two, given, CandidateLogits::of).gradient;
    try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
      NDArray query = leaf(given.query);
      LossInput input = given.input(query, manager);
      NDArray weights = manager.create(new double[] {1, 2, 3, 4, 5});
      NDArray a = one.evaluate(input).value().mul(weights).sum();
      NDArray b = two.evaluate(input).value().sum().mul(manager.create(new double[] {7}));
      // Parts of a batch are differentiated one after the other, and their gradients add up.
      gradients.backward(a.add(b.squeeze()));
      gradients.backward(two.evaluate(input).value().sum());
      double[][] sum = rows(query.getGradient());
      for (int i = 0; i < N; i++) {
        for (int j = 0; j < D; j++) {
          double expected = (i + 1) * first[i][j] + 8 * second[i][j];
          assertThat(sum[i][j]).isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
        }
      }
    }
  }

  private void check(CandidateLoss loss, Given given) {
    Outcome expected = given.formula(loss);
    for (var way : WAYS) {
      Outcome outcome = outcome(loss, given, way);
      assertClose(outcome.rows, expected.rows);
      for (int i = 0; i < N; i++) {
        assertClose(outcome.gradient[i], expected.gradient[i]);
      }
    }
  }

  private static void assertClose(double[] actual, double[] expected) {
    double size = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
    assertThat(actual).containsExactly(expected, within(1e-6 * size));
  }

  /// Values `[n]` and the gradient of their sum `[n][d]`.
  private record Outcome(double[] rows, double[][] gradient) {}

  private Outcome outcome(
      CandidateLoss loss, Given given, BiFunction<LossInput, Double, CandidateLogits> way) {
    try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
      NDArray query = leaf(given.query);
      LossInput input = given.input(query, manager);
      NDArray value = loss.value(way.apply(input, loss.temperature()));
      assertThat(value.getShape()).isEqualTo(new Shape(N));
      gradients.backward(value.sum());
      return new Outcome(value.toDoubleArray(), rows(query.getGradient()));
    }
  }

  private NDArray leaf(double[][] rows) {
    NDArray leaf = array(rows, manager);
    leaf.setRequiresGradient(true);
    return leaf;
  }

  private static NDArray array(double[][] rows, NDManager manager) {
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return manager.create(flat, new Shape(rows.length, D));
  }

  private static double[][] rows(NDArray array) {
    double[] flat = array.toDoubleArray();
    double[][] rows = new double[flat.length / D][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * D, (i + 1) * D);
    }
    return rows;
  }

  /// Random unit rows with masked candidates and positives.
  private record Given(
      double[][] query,
      double[][] key,
      double[][] queue,
      boolean[][] masked,
      boolean[][] positive) {
    Given(int k, double masked, double positives, long seed) {
      this(
          LossCases.unit(N, D, new SplittableRandom(seed)),
          LossCases.unit(N, D, new SplittableRandom(seed + 100)),
          LossCases.unit(k, D, new SplittableRandom(seed + 200)),
          Arrays64.random(N, D, k, masked, seed + 300).masked(),
          Arrays64.random(N, D, k, positives, seed + 400).masked());
      for (int i = 0; i < N; i++) {
        for (int j = 0; j < k; j++) {
          this.positive[i][j] &= !this.masked[i][j];
        }
      }
    }

    Given reversed() {
      return new Given(
          List.of(query).reversed().toArray(double[][]::new),
          List.of(key).reversed().toArray(double[][]::new),
          queue,
          List.of(masked).reversed().toArray(boolean[][]::new),
          List.of(positive).reversed().toArray(boolean[][]::new));
    }

    /// The candidates the other way round.
    Given turned() {
      return new Given(
          query,
          key,
          List.of(queue).reversed().toArray(double[][]::new),
          turned(masked),
          turned(positive));
    }

    private static boolean[][] turned(boolean[][] marks) {
      boolean[][] turned = new boolean[marks.length][marks[0].length];
      for (int i = 0; i < marks.length; i++) {
        for (int j = 0; j < marks[i].length; j++) {
          turned[i][j] = marks[i][marks[i].length - 1 - j];
        }
      }
      return turned;
    }

    LossInput input(NDArray leaf, NDManager manager) {
      LossInput.Builder input =
          LossInput.pair(leaf, array(key, manager)).queue(array(queue, manager));
      if (any(masked)) {
        input.masked(Arrays64.array(masked, queue.length, manager));
      }
      if (any(positive)) {
        input.positives(Arrays64.array(positive, queue.length, manager));
      }
      return input.build();
    }

    private static boolean any(boolean[][] marks) {
      for (boolean[] row : marks) {
        for (boolean mark : row) {
          if (mark) {
            return true;
          }
        }
      }
      return false;
    }

    Outcome formula(CandidateLoss loss) {
      double[] rows = new double[N];
      double[][] gradient = new double[N][D];
      for (int i = 0; i < N; i++) {
        switch (loss) {
          case InfoNce nce -> rows[i] = nce(nce.temperature(), nce.margin(), true, i, gradient[i]);
          case Dcl dcl -> rows[i] = nce(dcl.temperature(), 0, false, i, gradient[i]);
          case MarginRanking ranking -> rows[i] = hinge(ranking, i, gradient[i]);
          default -> throw new AssertionError(loss);
        }
      }
      return new Outcome(rows, gradient);
    }

    /// Cross-entropy of a row with its positives.
    ///
    /// @param ruled whether the own key is a candidate and there are other positives
    private double nce(double temperature, double margin, boolean ruled, int i, double[] slope) {
      double own = (Arrays64.dot(query[i], key[i]) - margin) / temperature;
      double largest = ruled ? own : Double.NEGATIVE_INFINITY;
      double[] logits = new double[queue.length];
      for (int j = 0; j < queue.length; j++) {
        double lower = ruled && positive[i][j] ? margin : 0;
        logits[j] =
            masked[i][j]
                ? Double.NEGATIVE_INFINITY
                : (Arrays64.dot(query[i], queue[j]) - lower) / temperature;
        largest = Math.max(largest, logits[j]);
      }
      if (largest == Double.NEGATIVE_INFINITY) {
        return 0;
      }
      double sum = ruled ? Math.exp(own - largest) : 0;
      for (double logit : logits) {
        sum += Math.exp(logit - largest);
      }
      double wanted = own;
      double count = 1;
      for (int j = 0; j < logits.length; j++) {
        if (ruled && positive[i][j]) {
          wanted += logits[j];
          count++;
        }
      }
      add(key[i], ((ruled ? Math.exp(own - largest) / sum : 0) - 1 / count) / temperature, slope);
      for (int j = 0; j < logits.length; j++) {
        double target = ruled && positive[i][j] ? 1 / count : 0;
        add(queue[j], (Math.exp(logits[j] - largest) / sum - target) / temperature, slope);
      }
      return largest + Math.log(sum) - wanted / count;
    }

    private double hinge(MarginRanking ranking, int i, double[] slope) {
      double own = Arrays64.dot(query[i], key[i]);
      double sum = 0;
      double largest = 0;
      int nearest = -1;
      int count = 0;
      for (int j = 0; j < queue.length; j++) {
        double hinge = ranking.margin() - own + Arrays64.dot(query[i], queue[j]);
        if (!masked[i][j]) {
          count++;
          if (hinge > 0) {
            sum += hinge;
            if (ranking.reduction() != Reduction.MAX) {
              add(queue[j], 1, slope);
              add(key[i], -1, slope);
            }
          }
          if (hinge > largest) {
            largest = hinge;
            nearest = j;
          }
        }
      }
      double mean = Math.max(1, count);
      switch (ranking.reduction()) {
        case SUM -> {
          return sum;
        }
        case MEAN -> {
          for (int c = 0; c < D; c++) {
            slope[c] /= mean;
          }
          return sum / mean;
        }
        case MAX -> {
          if (nearest >= 0) {
            add(queue[nearest], 1, slope);
            add(key[i], -1, slope);
          }
          return largest;
        }
      }
      throw new AssertionError(ranking);
    }

    private static void add(double[] row, double share, double[] sum) {
      for (int c = 0; c < D; c++) {
        sum[c] += share * row[c];
      }
    }
  }
}
