package mmct.text.encoder;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/// A level in the names of parameters: it holds blocks, which its owner calls one by one.
final class Named extends Layer {
  Named() {
    super(0);
  }

  /// Adds a block and returns it.
  <B extends Block> B add(String name, B block) {
    return addChildBlock(name, block);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    throw new UnsupportedOperationException("a level of names computes nothing");
  }
}
