package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/// A linear layer: `[..., in]` to `[..., out]`, parameters `weight` `[out, in]` and `bias` `[out]`.
final class Dense extends Layer {
  private final Parameter weight;
  private final Parameter bias;

  Dense(int in, int out, Initializer weights, Initializer biases) {
    super(out);
    weight = trained("weight", Parameter.Type.WEIGHT, weights, out, in);
    bias = trained("bias", Parameter.Type.BIAS, biases, out);
  }

  /// A layer that starts as PyTorch's.
  static Dense standard(int in, int out) {
    return new Dense(in, out, Initial.linear(in), Initial.linear(in));
  }

  NDArray apply(NDArray input, Pass pass) {
    return Linear.linear(input, pass.value(weight, input), pass.value(bias, input))
        .singletonOrThrow();
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    return new NDList(apply(inputs.singletonOrThrow(), new Pass(parameters, training)));
  }
}
