package mmct.vision.resnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import mmct.api.spi.Staged;
import mmct.vision.EncoderOptions;
import org.jspecify.annotations.Nullable;

/// A residual network without its classifier (He et al., "Deep Residual Learning for Image
/// Recognition", 2016), as torchvision builds it: same layers, same initial distribution, same
/// names of weights (`conv1.weight`, `layer1.0.bn2.running_var`, `layer2.0.downsample.0.weight`).
///
/// Reads normalised pictures `[n, 3, h, w]`, returns globally averaged features `[n, width]`.
public final class ResNet extends AbstractBlock implements Staged {
  private static final int FIRST_WIDTH = 64;

  private final Conv2d conv1;
  private final BatchNorm bn1;
  private final List<Chain> stages = new ArrayList<>();
  private final boolean smallImageStem;
  private final int width;

  private ResNet(EncoderOptions options, boolean bottleneck, int... depths) {
    smallImageStem = options.smallImageStem();
    int[] stem = smallImageStem ? new int[] {3, 1} : new int[] {7, 2};
    conv1 = addChildBlock("conv1", Layers.convolution(FIRST_WIDTH, stem[0], stem[1]));
    bn1 = addChildBlock("bn1", Layers.norm(false));
    int inputs = FIRST_WIDTH;
    for (int stage = 0; stage < depths.length; stage++) {
      List<ResidualBlock> blocks = new ArrayList<>();
      int stageWidth = FIRST_WIDTH << stage;
      for (int i = 0; i < depths[stage]; i++) {
        int stride = stage > 0 && i == 0 ? 2 : 1;
        boolean zero = options.zeroInitLastNorm();
        blocks.add(
            bottleneck
                ? ResidualBlock.bottleneck(inputs, stageWidth, stride, zero)
                : ResidualBlock.basic(inputs, stageWidth, stride, zero));
        inputs = bottleneck ? 4 * stageWidth : stageWidth;
      }
      stages.add(addChildBlock("layer" + (stage + 1), new Chain(blocks)));
    }
    width = inputs;
  }

  /// A network by its settings, uninitialised.
  public static ResNet of(EncoderOptions options) {
    return switch (options.type()) {
      case RESNET18 -> new ResNet(options, false, 2, 2, 2, 2);
      case RESNET34 -> new ResNet(options, false, 3, 4, 6, 3);
      case RESNET50 -> new ResNet(options, true, 3, 4, 6, 3);
      case RESNET101 -> new ResNet(options, true, 3, 4, 23, 3);
    };
  }

  /// The width of the features.
  public int width() {
    return width;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    return Staged.forward(stages(), store, inputs, training);
  }

  /// The stem, each residual block, and the pooling.
  @Override
  public List<Stage> stages() {
    List<Stage> parts = new ArrayList<>();
    parts.add(this::stem);
    for (Chain stage : stages) {
      stage.blocks().forEach(block -> parts.add(block::forward));
    }
    parts.add((store, x, training) -> new NDList(Pool.globalAvgPool2d(x.singletonOrThrow())));
    return parts;
  }

  /// Reads `[n, 3, h, w]`, returns `[n, 64, h / 4, w / 4]`, or `[n, 64, h, w]` for small images.
  private NDList stem(ParameterStore store, NDList inputs, boolean training) {
    NDList x = bn1.forward(store, conv1.forward(store, inputs, training), training);
    NDArray stem = Activation.relu(x.singletonOrThrow()); // [n, 64, h / 2, w / 2]
    if (!smallImageStem) {
      stem = Pool.maxPool2d(stem, new Shape(3, 3), new Shape(2, 2), new Shape(1, 1), false);
    }
    return new NDList(stem);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    conv1.initialize(manager, type, inputs);
    Shape[] shapes = conv1.getOutputShapes(inputs);
    bn1.initialize(manager, type, shapes);
    if (!smallImageStem) {
      shapes = new Shape[] {halved(shapes[0])};
    }
    for (Block stage : stages) {
      stage.initialize(manager, type, shapes);
      shapes = stage.getOutputShapes(shapes);
    }
  }

  /// The shape after the 3 × 3 pooling of stride 2 and padding 1.
  private static Shape halved(Shape shape) {
    return new Shape(shape.get(0), shape.get(1), (shape.get(2) + 1) / 2, (shape.get(3) + 1) / 2);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), width)};
  }
}
