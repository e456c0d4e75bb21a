package mmct.eval.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The hinge of VSE++ against closed forms, a plain loop, and finite differences.
class HardestNegativesTest {
  private static final int N = 6;
  private static final int D = 5;
  private final HardestNegatives objective = new HardestNegatives(0.2);

  @Test
  void featuresThatAreAllOneCostTwiceTheMarginForEachOther() {
    float[] same = new float[N * D];
    Arrays.fill(same, (float) (1 / Math.sqrt(D)));
    assertThat(loss(same, same, others(), true)).isCloseTo(0.4, within(1e-6));
    assertThat(loss(same, same, others(), false)).isCloseTo(0.4 * (N - 1), within(1e-5));
    assertThat(objective.collapsed()).isEqualTo(0.4);
  }

  @Test
  void pairsThatAreApartByMoreThanTheMarginCostNothing() {
    float[] apart = new float[N * N];
    for (int i = 0; i < N; i++) {
      apart[i * N + i] = 1;
    }
    assertThat(loss(apart, apart, others(), true)).isEqualTo(0);
    assertThat(loss(apart, apart, others(), false)).isEqualTo(0);
  }

  @Test
  void othersOfTheSameSampleAreNoMismatch() {
    float[] same = new float[N * D];
    Arrays.fill(same, (float) (1 / Math.sqrt(D)));
    assertThat(loss(same, same, new float[N * N], true)).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theLossIsThatOfAPlainLoop(boolean hardest) {
    Random random = new Random(9);
    for (int trial = 0; trial < 20; trial++) {
      float[] images = unit(random);
      float[] sentences = unit(random);
      float[] others = others();
      others[1] = 0;
      others[N] = 0;
      assertThat(loss(images, sentences, others, hardest))
          .isCloseTo(byLoop(images, sentences, others, hardest), within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theGradientIsThatOfFiniteDifferences(boolean hardest) {
    Random random = new Random(3);
    float[] images = unit(random);
    float[] sentences = unit(random);
    float[] gradient = gradient(images, sentences, hardest);
    for (int i = 0; i < images.length; i++) {
      float[] up = images.clone();
      float[] down = images.clone();
      up[i] += 1e-3f;
      down[i] -= 1e-3f;
      double slope =
          (byLoop(up, sentences, others(), hardest) - byLoop(down, sentences, others(), hardest))
              / ((double) up[i] - down[i]);
      assertThat(gradient[i]).as("%d", i).isCloseTo((float) slope, within(2e-3f));
    }
  }

  private double loss(float[] images, float[] sentences, float[] others, boolean hardest) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Shape shape = new Shape(N, images.length / N);
      return objective
          .loss(
              manager.create(images, shape),
              manager.create(sentences, shape),
              manager.create(others, new Shape(N, N)),
              hardest)
          .getFloat();
    }
  }

  private float[] gradient(float[] images, float[] sentences, boolean hardest) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray leaf = manager.create(images, new Shape(N, D));
      leaf.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(
            objective.loss(
                leaf,
                manager.create(sentences, new Shape(N, D)),
                manager.create(others(), new Shape(N, N)),
                hardest));
      }
      return leaf.getGradient().toFloatArray();
    }
  }

  private static double byLoop(float[] images, float[] sentences, float[] others, boolean hardest) {
    double sum = 0;
    for (int i = 0; i < N; i++) {
      double ofImage = 0;
      double ofSentence = 0;
      double own = dot(images, i, sentences, i);
      for (int j = 0; j < N; j++) {
        double forth = others[i * N + j] * Math.max(0, 0.2 - own + dot(images, i, sentences, j));
        double back = others[j * N + i] * Math.max(0, 0.2 - own + dot(images, j, sentences, i));
        ofImage = hardest ? Math.max(ofImage, forth) : ofImage + forth;
        ofSentence = hardest ? Math.max(ofSentence, back) : ofSentence + back;
      }
      sum += ofImage + ofSentence;
    }
    return sum / N;
  }

  private static double dot(float[] a, int i, float[] b, int j) {
    double sum = 0;
    for (int k = 0; k < D; k++) {
      sum += (double) a[i * D + k] * b[j * D + k];
    }
    return sum;
  }

  private static float[] others() {
    float[] others = new float[N * N];
    for (int i = 0; i < others.length; i++) {
      others[i] = i / N == i % N ? 0 : 1;
    }
    return others;
  }

  private static float[] unit(Random random) {
    float[] rows = new float[N * D];
    for (int i = 0; i < N; i++) {
      double squares = 0;
      for (int k = 0; k < D; k++) {
        rows[i * D + k] = (float) random.nextGaussian();
        squares += rows[i * D + k] * rows[i * D + k];
      }
      for (int k = 0; k < D; k++) {
        rows[i * D + k] /= (float) Math.sqrt(squares);
      }
    }
    return rows;
  }
}
