package org.example.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import mmct.api.spi.LossInput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The loss beside its formula in float64.
class PairwiseSigmoidTest {
  private static final int N = 4;
  private static final int D = 5;
  private static final int K = 7;
  private static final double SCALE = 3;
  private static final double BIAS = -0.5;

  private final NDManager manager = NDManager.newBaseManager();
  private final double[][] query = unit(N, 1);
  private final double[][] key = unit(N, 2);
  private final double[][] queue = unit(K, 3);
  private final boolean[][] masked = {
    {true, false, false, false, false, false, false},
    {false, true, false, true, false, false, false},
    {false, false, false, false, false, false, false},
    {true, true, true, true, true, true, true}
  };
  private double logScale = Math.log(SCALE);
  private double bias = BIAS;

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void aKeyThatIsTheQueryItselfCostsTheLogOfTwoAtTheStart() {
    // 10 · 1 − 10 = 0, and −log σ(0) = log 2.
    NDArray one = manager.create(new float[][] {{0.6f, 0.8f}});
    LossInput input =
        LossInput.pair(one, one)
            .parameter("logScale", manager.create((float) Math.log(10)))
            .parameter("bias", manager.create(-10f))
            .build();

    assertThat(new PairwiseSigmoid(10, -10).evaluate(input).value().toFloatArray())
        .containsExactly(new float[] {(float) Math.log(2)}, within(1e-5f));
  }

  @Test
  void isItsFormula() {
    float[] rows = evaluate(parameters()).toFloatArray();

    for (int i = 0; i < N; i++) {
      assertThat((double) rows[i]).isCloseTo(formula(i), within(1e-5));
    }
  }

  @Test
  void theGradientsAreThoseOfFiniteDifferences() {
    float[][] gradients = gradients(false);

    for (int i = 0; i < N; i++) {
      for (int j = 0; j < D; j++) {
        assertThat((double) gradients[0][i * D + j])
            .isCloseTo(difference(query[i], j), within(1e-4));
      }
    }
    assertThat((double) gradients[1][0])
        .isCloseTo(slope(() -> logScale += 1e-5, () -> logScale -= 2e-5), within(1e-4));
    logScale = Math.log(SCALE);
    assertThat((double) gradients[2][0])
        .isCloseTo(slope(() -> bias += 1e-5, () -> bias -= 2e-5), within(1e-4));
  }

  @Test
  void aGarbageCollectionBeforeTheBackwardPassChangesNothing() {
    float[][] undisturbed = gradients(false);

    assertThat(gradients(true)).isDeepEqualTo(undisturbed);
  }

  private double difference(double[] row, int j) {
    double slope = slope(() -> row[j] += 1e-5, () -> row[j] -= 2e-5);
    row[j] += 1e-5;
    return slope;
  }

  /// The slope of the mean over the rows, between a step up and two steps down.
  private double slope(Runnable up, Runnable down) {
    up.run();
    double above = mean();
    down.run();
    return (above - mean()) / 2e-5;
  }

  private double mean() {
    double sum = 0;
    for (int i = 0; i < N; i++) {
      sum += formula(i);
    }
    return sum / N;
  }

  private double formula(int row) {
    double value = minusLogSigmoid(Math.exp(logScale) * dot(query[row], key[row]) + bias);
    for (int j = 0; j < K; j++) {
      if (!masked[row][j]) {
        value += minusLogSigmoid(-(Math.exp(logScale) * dot(query[row], queue[j]) + bias));
      }
    }
    return value;
  }

  private static double minusLogSigmoid(double x) {
    return -Math.log(1 / (1 + Math.exp(-x)));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < D; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /// Query, logScale and bias as arrays of the engine.
  private List<NDArray> parameters() {
    return List.of(array(query), manager.create((float) logScale), manager.create((float) bias));
  }

  private NDArray evaluate(List<NDArray> parameters) {
    LossInput input =
        LossInput.pair(parameters.get(0), array(key))
            .queue(array(queue))
            .masked(mask())
            .parameter("logScale", parameters.get(1))
            .parameter("bias", parameters.get(2))
            .build();
    return new PairwiseSigmoid(SCALE, BIAS).evaluate(input).value(); // [n]
  }

  private float[][] gradients(boolean collectGarbage) {
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      List<NDArray> parameters = parameters();
      parameters.forEach(parameter -> parameter.setRequiresGradient(true));
      NDArray mean = evaluate(parameters).mean();
      if (collectGarbage) {
        overwriteFreedMemory();
      }
      collector.backward(mean);
      return parameters.stream()
          .map(parameter -> parameter.getGradient().toFloatArray())
          .toArray(float[][]::new);
    }
  }

  /// Lets the collector free what Java no longer holds, and writes over the freed memory.
  private static void overwriteFreedMemory() {
    System.gc();
    System.gc();
    List<ByteBuffer> garbage = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4 + i % 16);
      while (buffer.hasRemaining()) {
        buffer.put((byte) 0x7f);
      }
      garbage.add(buffer);
    }
    assertThat(garbage).isNotEmpty();
  }

  private NDArray array(double[][] rows) {
    float[] flat = new float[rows.length * D];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) rows[i / D][i % D];
    }
    return manager.create(flat, new Shape(rows.length, D));
  }

  private NDArray mask() {
    boolean[] flat = new boolean[N * K];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = masked[i / K][i % K];
    }
    return manager.create(flat, new Shape(N, K));
  }

  private static double[][] unit(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] unit = new double[rows][D];
    for (double[] row : unit) {
      double norm = 0;
      for (int i = 0; i < D; i++) {
        row[i] = random.nextGaussian();
        norm += row[i] * row[i];
      }
      for (int i = 0; i < D; i++) {
        row[i] /= Math.sqrt(norm);
      }
    }
    return unit;
  }
}
