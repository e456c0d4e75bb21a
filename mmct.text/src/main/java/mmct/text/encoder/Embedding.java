package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/// A table of vectors looked up by id: int64 `[...]` to `[..., width]`, parameter `weight`.
final class Embedding extends Layer {
  private final Parameter weight;

  Embedding(int rows, int width, Initializer weights) {
    super(width);
    weight = trained("weight", Parameter.Type.WEIGHT, weights, rows, width);
  }

  NDArray apply(NDArray ids, Pass pass) {
    return ids.getNDArrayInternal()
        .embedding(ids, pass.value(weight, ids), SparseFormat.DENSE)
        .singletonOrThrow();
  }

  /// The sums of the vectors of sets: multi-hot `[n, rows]` to `[n, width]`.
  NDArray sums(NDArray multiHot, Pass pass) {
    return multiHot.matMul(pass.value(weight, multiHot));
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
