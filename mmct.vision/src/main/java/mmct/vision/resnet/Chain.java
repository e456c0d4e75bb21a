package mmct.vision.resnet;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Blocks one after the other, named `0`, `1` and so on, like PyTorch's `Sequential`. The library's
/// `SequentialBlock` would name them by their classes.
final class Chain extends AbstractBlock {
  private final List<? extends Block> blocks;

  Chain(List<? extends Block> blocks) {
    this.blocks = List.copyOf(blocks);
    for (int i = 0; i < blocks.size(); i++) {
      addChildBlock(Integer.toString(i), blocks.get(i));
    }
  }

  List<? extends Block> blocks() {
    return blocks;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDList x = inputs;
    for (Block block : blocks) {
      x = block.forward(store, x, training);
    }
    return x;
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape[] shapes = inputs;
    for (Block block : blocks) {
      block.initialize(manager, type, shapes);
      shapes = block.getOutputShapes(shapes);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape[] shapes = inputs;
    for (Block block : blocks) {
      shapes = block.getOutputShapes(shapes);
    }
    return shapes;
  }
}
