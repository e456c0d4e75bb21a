package mmct.api.graph;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import mmct.api.engine.Torch;
import org.jspecify.annotations.Nullable;

/// A projection head: Linear → ReLU → Linear, or one Linear where the space has no hidden layer,
/// then batch normalisation where the space asks for it, then the L2 norm.
///
/// Reads backbone features `[n, w]`, returns unit rows `[n, d]`. Weights are `0.weight`,
/// `0.bias`, `1.weight`, `1.bias`.
public final class ProjectionHead extends AbstractBlock {
  private final List<Block> linears = new ArrayList<>();
  private final @Nullable Block norm;
  private final int width;

  /// Creates an uninitialised head.
  public ProjectionHead(SpaceConfig space) {
    width = space.width();
    if (space.hidden() > 0) {
      linears.add(addChildBlock("0", Linear.builder().setUnits(space.hidden()).build()));
    }
    linears.add(
        addChildBlock(
            Integer.toString(linears.size()), Linear.builder().setUnits(space.width()).build()));
    // Uniform within ±1/√fan-in, which PyTorch's Linear starts from.
    setInitializer(
        new XavierInitializer(
            XavierInitializer.RandomType.UNIFORM, XavierInitializer.FactorType.IN, 1),
        Parameter.Type.WEIGHT);
    norm =
        switch (space.norm()) {
          case NONE -> null;
          case BATCH ->
              addChildBlock("norm", BatchNorm.builder().optScale(false).optCenter(false).build());
        };
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDList features = inputs;
    for (int i = 0; i < linears.size(); i++) {
      if (i > 0) {
        features = new NDList(Activation.relu(features.singletonOrThrow()));
      }
      features = linears.get(i).forward(store, features, training);
    }
    // In mixed precision the normalisations still compute in float32.
    features = new NDList(Torch.toFloat32(features.singletonOrThrow()));
    if (norm != null) {
      features = norm.forward(store, features, training);
    }
    return new NDList(features.singletonOrThrow().normalize(2, 1, 1e-12)); // [n, d]
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape shape = inputs[0];
    for (Block linear : linears) {
      linear.initialize(manager, type, shape);
      shape = linear.getOutputShapes(new Shape[] {shape})[0];
    }
    if (norm != null) {
      norm.initialize(manager, type, shape);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), width)};
  }
}
