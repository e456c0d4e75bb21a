package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/// What somebody else may write: learned positions, causal and padding masks, heads by reshaping,
/// and the mean over the tokens that are there. Ids int64 `[n, l]` to features `[n, w]`.
final class MaskedMeanTransformer extends AbstractBlock {
  private static final int WIDTH = 12;
  private static final int HEADS = 3;
  private static final int VOCABULARY = 30;
  private static final int POSITIONS = 20;

  private final Parameter words = table("words", VOCABULARY);
  private final Parameter positions = table("positions", POSITIONS);
  private final Block mixed = addChildBlock("mixed", Linear.builder().setUnits(3 * WIDTH).build());
  private final Block norm = addChildBlock("norm", LayerNorm.builder().axis(2).build());
  private final Block hidden =
      addChildBlock("hidden", Linear.builder().setUnits(2 * WIDTH).build());
  private final Block output = addChildBlock("output", Linear.builder().setUnits(WIDTH).build());

  private Parameter table(String name, int rows) {
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.WEIGHT)
            .optShape(new Shape(rows, WIDTH))
            .build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDArray ids = inputs.head();
    long length = ids.getShape().get(1);
    NDArray table = store.getValue(words, ids.getDevice(), false);
    NDArray places = store.getValue(positions, ids.getDevice(), false);
    NDArray tokens = table.get(ids).add(places.get(new NDIndex("0:{}", length)));
    NDArray present = ids.neq(0).toType(DataType.FLOAT32, false); // [n, l]
    tokens = attend(run(norm, tokens, store), present, store).add(tokens);
    NDArray inner = Activation.gelu(run(hidden, tokens, store));
    tokens = run(output, inner, store).add(tokens);
    NDArray sum = tokens.mul(present.expandDims(-1)).sum(new int[] {1});
    return new NDList(sum.div(present.sum(new int[] {1}, true).maximum(1)));
  }

  private NDArray attend(NDArray tokens, NDArray present, ParameterStore store) {
    long rows = tokens.getShape().get(0);
    int length = (int) tokens.getShape().get(1);
    NDArray all = run(mixed, tokens, store).reshape(rows, length, 3, HEADS, WIDTH / HEADS);
    NDList parts = all.transpose(2, 0, 3, 1, 4).split(3);
    NDArray query = parts.get(0).squeeze(0);
    NDArray key = parts.get(1).squeeze(0);
    NDArray value = parts.get(2).squeeze(0);
    NDManager manager = tokens.getManager();
    NDArray place = manager.arange(length);
    NDArray later = place.expandDims(0).gt(place.expandDims(1)); // [l, l]
    NDArray scores = query.matMul(key.swapAxes(2, 3)).div(Math.sqrt(WIDTH / HEADS));
    scores = scores.add(later.toType(DataType.FLOAT32, false).mul(-1e9f));
    scores = scores.add(present.sub(1).mul(1e9f).reshape(rows, 1, 1, length));
    NDArray seen = scores.softmax(-1).matMul(value); // [n, h, l, d]
    return seen.transpose(0, 2, 1, 3).reshape(rows, length, WIDTH);
  }

  private static NDArray run(Block block, NDArray input, ParameterStore store) {
    return block.forward(store, new NDList(input), false).singletonOrThrow();
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape tokens = new Shape(1, 5, WIDTH);
    mixed.initialize(manager, type, tokens);
    norm.initialize(manager, type, tokens);
    hidden.initialize(manager, type, tokens);
    output.initialize(manager, type, new Shape(1, 5, 2 * WIDTH));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), WIDTH)};
  }
}
