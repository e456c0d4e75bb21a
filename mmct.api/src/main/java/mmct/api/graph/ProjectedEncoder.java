package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/// A backbone and the head of one space as one block, which shares their parameters: reads the
/// collated views, returns unit rows `[n, d]`. Parameters are named `backbone.…` and `head.…`.
final class ProjectedEncoder extends AbstractBlock {
  private final Block backbone;
  private final Block head;
  private final int backboneWidth;

  ProjectedEncoder(Block backbone, int backboneWidth, Block head) {
    this.backbone = addChildBlock("backbone", backbone);
    this.head = addChildBlock("head", head);
    this.backboneWidth = backboneWidth;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDArray features = backbone.forward(store, inputs, training).head(); // [n, w]
    return new NDList(head.forward(store, new NDList(features), training).head()); // [n, d]
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return head.getOutputShapes(new Shape[] {new Shape(inputs[0].get(0), backboneWidth)});
  }
}
