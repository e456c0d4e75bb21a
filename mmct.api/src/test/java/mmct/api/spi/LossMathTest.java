package mmct.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import mmct.api.engine.Torch;
import org.junit.jupiter.api.Test;

/// Values against the formula in plain float64 Java, gradients against its finite differences.
class LossMathTest {
  private static final int N = 3;
  private static final int C = 5;
  private static final double[] WEIGHTS = {0.7, -1.3, 2.1};

  private static double[] random(double scale, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] numbers = new double[N * C];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = scale * random.nextGaussian();
    }
    return numbers;
  }

  /// Weighted sums of what is computed, and their gradients, in float64.
  private static void compare(
      double[] numbers,
      UnaryOperator<NDArray> computed,
      ToDoubleFunction<double[]> formula,
      double tolerance) {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray x = manager.create(numbers, new Shape(N, C));
      x.setRequiresGradient(true);
      double value;
      try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
        NDArray each = computed.apply(x);
        Shape shape = each.getShape().dimension() == 1 ? new Shape(N) : new Shape(N, 1);
        NDArray total = each.mul(manager.create(WEIGHTS, shape)).sum();
        gradients.backward(total);
        value = total.getDouble();
      }
      assertThat(value).isCloseTo(formula.applyAsDouble(numbers), within(tolerance));
      double[] gradient = Torch.gradient(x).orElseThrow().toDoubleArray();
      for (int i = 0; i < numbers.length; i++) {
        double step = 1e-6 * Math.max(1, Math.abs(numbers[i]));
        double[] up = numbers.clone();
        double[] down = numbers.clone();
        up[i] += step;
        down[i] -= step;
        double slope = (formula.applyAsDouble(up) - formula.applyAsDouble(down)) / (2 * step);
        assertThat(gradient[i]).isCloseTo(slope, within(1e3 * tolerance));
      }
    }
  }

  private static double logSumExp(double[] x, int row) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < C; j++) {
      largest = Math.max(largest, x[row * C + j]);
    }
    double sum = 0;
    for (int j = 0; j < C; j++) {
      sum += Math.exp(x[row * C + j] - largest);
    }
    return largest + Math.log(sum);
  }

  private static double total(java.util.function.IntToDoubleFunction each) {
    double total = 0;
    for (int row = 0; row < N; row++) {
      total += WEIGHTS[row] * each.applyAsDouble(row);
    }
    return total;
  }

  @Test
  void logSumExpIsTheFormula() {
    compare(
        random(1, 1), x -> LossMath.logSumExp(x, 1), x -> total(row -> logSumExp(x, row)), 1e-9);
  }

  @Test
  void logSumExpOfHugeNumbersIsFinite() {
    double[] huge = random(1e4, 2);
    huge[3] = LossMath.MASKED;
    compare(huge, x -> LossMath.logSumExp(x, 1), x -> total(row -> logSumExp(x, row)), 1e-6);
  }

  @Test
  void crossEntropyIsTheFormula() {
    double[] targets = {0.5, 0.5, 0, 0, 0, 0, 1, 0, 0, 0, 0.2, 0.2, 0.2, 0.2, 0.2};
    compare(
        random(3, 3),
        x -> LossMath.crossEntropy(x, x.getManager().create(targets, new Shape(N, C))),
        x ->
            total(
                row -> {
                  double sum = 0;
                  for (int j = 0; j < C; j++) {
                    sum += targets[row * C + j] * (logSumExp(x, row) - x[row * C + j]);
                  }
                  return sum;
                }),
        1e-9);
  }

  @Test
  void crossEntropyOfTheFirstIsTheFormula() {
    compare(
        random(1e3, 4),
        LossMath::crossEntropyOfFirst,
        x -> total(row -> logSumExp(x, row) - x[row * C]),
        1e-6);
  }

  @Test
  void aMaskedCandidateMightAsWellNotBeThere() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray logits = manager.create(new float[] {1, 2, 30, 3, 100, 5}, new Shape(2, 3));
      NDArray masked =
          manager.create(new boolean[] {false, false, true, false, true, false}, new Shape(2, 3));

      float[] sums = LossMath.logSumExp(LossMath.mask(logits, masked), 1).toFloatArray();

      assertThat(sums[0]).isCloseTo((float) Math.log(Math.exp(1) + Math.exp(2)), within(1e-5f));
      assertThat(sums[1]).isCloseTo((float) Math.log(Math.exp(3) + Math.exp(5)), within(1e-5f));
    }
  }

  @Test
  void normalizedIsTheFormula() {
    double[] columns = {0.3, -0.2, 1, 0.1, 2};
    compare(
        random(2, 5),
        x ->
            LossMath.normalized(x)
                .mul(x.getManager().create(columns, new Shape(1, C)))
                .sum(new int[] {1}),
        x ->
            total(
                row -> {
                  double square = 1e-12;
                  double sum = 0;
                  for (int j = 0; j < C; j++) {
                    square += x[row * C + j] * x[row * C + j];
                    sum += columns[j] * x[row * C + j];
                  }
                  return sum / Math.sqrt(square);
                }),
        1e-6);
  }

  @Test
  void aRowOfZerosStaysOneAndItsGradientIsFinite() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray x = manager.zeros(new Shape(2, 3));
      x.setRequiresGradient(true);
      try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
        NDArray unit = LossMath.normalized(x);
        assertThat(unit.toFloatArray()).containsOnly(0);
        gradients.backward(unit.sum());
      }
      for (float slope : Torch.gradient(x).orElseThrow().toFloatArray()) {
        assertThat(slope).isFinite();
      }
    }
  }
}
