package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/// What somebody else may write: an inverted residual with a depthwise convolution,
/// squeeze-and-excitation and hard swish (Howard et al. 2019), pooled over places.
final class MobileBlock extends AbstractBlock {
  private static final int WIDTH = 16;

  private final Block expand = addChildBlock("expand", convolution(1, 1));
  private final Block expandNorm = addChildBlock("expand_norm", BatchNorm.builder().build());
  private final Block depthwise = addChildBlock("depthwise", convolution(3, WIDTH));
  private final Block depthwiseNorm = addChildBlock("depthwise_norm", BatchNorm.builder().build());
  private final Block squeeze = addChildBlock("squeeze", Linear.builder().setUnits(4).build());
  private final Block excite = addChildBlock("excite", Linear.builder().setUnits(WIDTH).build());

  private static Block convolution(int kernel, int groups) {
    int padding = kernel / 2;
    return Conv2d.builder()
        .setKernelShape(new Shape(kernel, kernel))
        .optPadding(new Shape(padding, padding))
        .setFilters(WIDTH)
        .optGroups(groups)
        .optBias(false)
        .build();
  }

  private static NDArray hardSwish(NDArray x) {
    return x.mul(x.add(3).clip(0, 6)).div(6);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDArray wide = run(expandNorm, run(expand, inputs.head(), store), store);
    NDArray mixed = run(depthwiseNorm, run(depthwise, hardSwish(wide), store), store);
    long rows = mixed.getShape().get(0);
    NDArray pooled = mixed.mean(new int[] {3}).mean(new int[] {2});
    NDArray hidden = Activation.relu(run(squeeze, pooled, store));
    NDArray gate = run(excite, hidden, store).add(3).clip(0, 6).div(6);
    NDArray gated = hardSwish(mixed.mul(gate.reshape(rows, WIDTH, 1, 1))).add(wide);
    return new NDList(gated.reshape(rows, WIDTH, -1).mean(new int[] {2}).normalize());
  }

  private static NDArray run(Block block, NDArray input, ParameterStore store) {
    return block.forward(store, new NDList(input), false).singletonOrThrow();
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    expand.initialize(manager, type, inputs);
    Shape wide = expand.getOutputShapes(inputs)[0];
    expandNorm.initialize(manager, type, wide);
    depthwise.initialize(manager, type, wide);
    depthwiseNorm.initialize(manager, type, wide);
    squeeze.initialize(manager, type, new Shape(1, WIDTH));
    excite.initialize(manager, type, new Shape(1, 4));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), WIDTH)};
  }
}
