package mmct.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import mmct.api.engine.Torch;
import org.junit.jupiter.api.Test;

/// The layer's gradient and step.
class LinearLayerTest {
  private static final int ROWS = 5;
  private static final int WIDTH = 3;
  private static final int CLASSES = 4;
  private static final long[] OWN = {0, 3, 3, 1, 2};

  private final float[] features = normal(ROWS * WIDTH, 1);
  private final float[] weights = normal(CLASSES * WIDTH, 2);
  private final float[] bias = normal(CLASSES, 3);

  private static float[] normal(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Test
  void theGradientIsThatOfFiniteDifferences() {
    Gradients gradients = gradients(weights, bias);
    double h = 1e-5;
    for (int i = 0; i < weights.length; i++) {
      double slope =
          (loss(moved(weights, i, h), doubles(bias)) - loss(moved(weights, i, -h), doubles(bias)))
              / (2 * h);
      assertThat((double) gradients.weight[i]).as("weight %d", i).isCloseTo(slope, within(1e-6));
    }
    for (int i = 0; i < bias.length; i++) {
      double slope =
          (loss(doubles(weights), moved(bias, i, h)) - loss(doubles(weights), moved(bias, i, -h)))
              / (2 * h);
      assertThat((double) gradients.bias[i]).as("bias %d", i).isCloseTo(slope, within(1e-6));
    }
  }

  @Test
  void withoutWeightsTheGradientPullsEachRowToItsClassAndPushesItFromAllAlike() {
    Gradients gradients = gradients(new float[weights.length], new float[CLASSES]);
    for (int c = 0; c < CLASSES; c++) {
      for (int j = 0; j < WIDTH; j++) {
        double expected = 0;
        for (int i = 0; i < ROWS; i++) {
          double own = OWN[i] == c ? 1 : 0;
          expected += (1.0 / CLASSES - own) * features[i * WIDTH + j] / ROWS;
        }
        assertThat((double) gradients.weight[c * WIDTH + j]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void stepsFollowPyTorchsRule() {
    float gradient = 2;
    float rate = 0.5f;
    float[] weight = {1, 1};
    try (NDManager manager = NDManager.newBaseManager();
        LinearLayer layer = new LinearLayer(weight.clone(), new float[1], manager)) {
      for (int i = 0; i < 3; i++) {
        layer.step(
            new LinearLayer.Gradient(
                manager.full(new Shape(1, 2), gradient), manager.zeros(new Shape(1))),
            rate);
      }
      // v is 2, then 0.9·2 + 2, then 0.9·3.8 + 2; each step takes half of it away.
      assertThat((double) layer.weights()[0]).isCloseTo(1 - 0.5 * (2 + 3.8 + 5.42), within(1e-5));
    }
  }

  private record Gradients(float[] weight, float[] bias) {}

  private Gradients gradients(float[] weight, float[] bias) {
    try (NDManager manager = NDManager.newBaseManager();
        var _ = Torch.withoutGradient();
        LinearLayer layer = new LinearLayer(weight, bias, manager)) {
      NDArray rows = manager.create(features, new Shape(ROWS, WIDTH));
      LinearLayer.Gradient gradient = layer.gradient(rows, manager.create(OWN));
      return new Gradients(gradient.weight().toFloatArray(), gradient.bias().toFloatArray());
    }
  }

  /// The mean cross-entropy, from its definition.
  private double loss(double[] weight, double... bias) {
    double loss = 0;
    for (int i = 0; i < ROWS; i++) {
      double sum = 0;
      double own = 0;
      for (int c = 0; c < CLASSES; c++) {
        double logit = bias[c];
        for (int j = 0; j < WIDTH; j++) {
          logit += weight[c * WIDTH + j] * features[i * WIDTH + j];
        }
        sum += Math.exp(logit);
        own = OWN[i] == c ? logit : own;
      }
      loss += (Math.log(sum) - own) / ROWS;
    }
    return loss;
  }

  private static double[] doubles(float... values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static double[] moved(float[] values, int at, double by) {
    double[] moved = doubles(values);
    moved[at] += by;
    return moved;
  }
}
