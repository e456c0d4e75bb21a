package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/// Layer normalisation over the last axis (Ba et al. 2016), parameters `gamma` and `beta`.
final class LayerNormalization extends Layer {
  private final Shape normalized;
  private final float epsilon;
  private final Parameter gamma;
  private final Parameter beta;

  LayerNormalization(int width, double epsilon) {
    super(width);
    normalized = new Shape(width);
    this.epsilon = (float) epsilon;
    gamma = trained("gamma", Parameter.Type.GAMMA, Initializer.ONES, width);
    beta = trained("beta", Parameter.Type.BETA, Initializer.ZEROS, width);
  }

  NDArray apply(NDArray input, Pass pass) {
    return LayerNorm.layerNorm(
            input, normalized, pass.value(gamma, input), pass.value(beta, input), epsilon)
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
