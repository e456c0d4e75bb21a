package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.function.Function;

/// A block without parameters that carries out a few array operations.
final class Operation extends AbstractBlock {
  private final Function<NDList, NDArray> body;

  Operation(Function<NDList, NDArray> body) {
    this.body = body;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    return new NDList(body.apply(inputs).toType(DataType.FLOAT32, false));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    throw new UnsupportedOperationException("nobody asks");
  }
}
