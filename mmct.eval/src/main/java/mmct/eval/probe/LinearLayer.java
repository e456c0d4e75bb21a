package mmct.eval.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Random;

/// One linear layer whose outputs are the logits of classes, trained by SGD with momentum.
///
/// With the softmax cross-entropy as loss the gradient is known in closed form: with p the softmax
/// of the logits and y the one-hot classes of n rows, δ = (p − y)/n, the weights' gradient is δᵀx
/// and the bias's the sum of δ's rows. So nothing has to be recorded.
final class LinearLayer implements AutoCloseable {
  private static final float SCALE = 0.01f;

  private final NDManager manager;
  private final NDArray weight;
  private final NDArray bias;
  private final NDArray weightVelocity;
  private final NDArray biasVelocity;

  /// The gradients of both parameters.
  ///
  /// @param weight `[c, d]`
  /// @param bias `[c]`
  record Gradient(NDArray weight, NDArray bias) {}

  /// A layer with weights drawn from a normal distribution of deviation 0.01 and a bias of zero, as
  /// MoCo's and VirTex's programs begin.
  ///
  /// @param classes c
  /// @param width d
  /// @param seed of the weights
  /// @param parent its device is the layer's
  LinearLayer(int classes, int width, long seed, NDManager parent) {
    this(normal(classes * width, seed), new float[classes], parent);
  }

  /// A layer with weights `[c, d]`, row-major, and a bias `[c]`.
  LinearLayer(float[] weights, float[] bias, NDManager parent) {
    manager = parent.newSubManager();
    Shape shape = new Shape(bias.length, weights.length / bias.length);
    weight = manager.create(weights, shape);
    this.bias = manager.create(bias);
    weightVelocity = manager.zeros(shape);
    biasVelocity = manager.zeros(new Shape(bias.length));
  }

  private static float[] normal(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = SCALE * (float) random.nextGaussian();
    }
    return values;
  }

  /// The logits `[n, c]` of rows `[n, d]`, in the rows' manager.
  NDArray logits(NDArray rows) {
    try (NDArray turned = weight.transpose()) {
      return rows.matMul(turned).addi(bias);
    }
  }

  /// The gradient of the mean cross-entropy, in the rows' manager.
  ///
  /// @param rows `[n, d]`
  /// @param classes `[n]`, int64
  Gradient gradient(NDArray rows, NDArray classes) {
    int count = Math.toIntExact(bias.size());
    NDArray delta = logits(rows).softmax(1); // [n, c]
    delta.subi(classes.oneHot(count, DataType.FLOAT32)).divi(rows.getShape().get(0));
    return new Gradient(delta.transpose().matMul(rows), delta.sum(new int[] {0}));
  }

  /// Takes one step by PyTorch's rule: v ← μ·v + g, w ← w − rate·v.
  void step(Gradient gradient, double rate) {
    move(weight, weightVelocity, gradient.weight(), rate);
    move(bias, biasVelocity, gradient.bias(), rate);
  }

  private static void move(NDArray value, NDArray velocity, NDArray gradient, double rate) {
    velocity.muli((float) Recipe.MOMENTUM).addi(gradient);
    try (NDArray change = velocity.mul((float) rate)) {
      value.subi(change);
    }
  }

  /// The weights `[c, d]`, row-major.
  float[] weights() {
    return weight.toFloatArray();
  }

  @Override
  public void close() {
    manager.close();
  }
}
