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
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A residual block: convolutions, each followed by a normalisation, whose result is added to the
/// input; a rectifier after each but the last normalisation, and after the sum.
///
/// Reads `[n, inputs, h, w]`, returns `[n, outputs, h / stride, w / stride]`.
final class ResidualBlock extends AbstractBlock {
  private final List<Conv2d> convolutions = new ArrayList<>();
  private final List<BatchNorm> norms = new ArrayList<>();
  private final @Nullable Chain downsample;

  private ResidualBlock(
      List<Conv2d> convolutions, boolean zeroInitLastNorm, @Nullable Chain downsample) {
    for (int i = 0; i < convolutions.size(); i++) {
      boolean last = i == convolutions.size() - 1;
      this.convolutions.add(addChildBlock("conv" + (i + 1), convolutions.get(i)));
      norms.add(addChildBlock("bn" + (i + 1), Layers.norm(last && zeroInitLastNorm)));
    }
    this.downsample = downsample == null ? null : addChildBlock("downsample", downsample);
  }

  /// Two 3 × 3 convolutions, as in ResNet-18 and -34.
  static ResidualBlock basic(int inputs, int width, int stride, boolean zeroInitLastNorm) {
    return new ResidualBlock(
        List.of(Layers.convolution(width, 3, stride), Layers.convolution(width, 3, 1)),
        zeroInitLastNorm,
        downsample(inputs, width, stride));
  }

  /// 1 × 1, 3 × 3 and 1 × 1 convolutions, the last four times as wide, as in ResNet-50 and -101.
  /// The stride stands in the 3 × 3 convolution, as in torchvision and unlike the paper.
  static ResidualBlock bottleneck(int inputs, int width, int stride, boolean zeroInitLastNorm) {
    return new ResidualBlock(
        List.of(
            Layers.convolution(width, 1, 1),
            Layers.convolution(width, 3, stride),
            Layers.convolution(4 * width, 1, 1)),
        zeroInitLastNorm,
        downsample(inputs, 4 * width, stride));
  }

  /// What brings the input to the shape of the result, where they differ.
  private static @Nullable Chain downsample(int inputs, int outputs, int stride) {
    return inputs == outputs && stride == 1
        ? null
        : new Chain(List.of(Layers.convolution(outputs, 1, stride), Layers.norm(false)));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDList x = inputs;
    for (int i = 0; i < convolutions.size(); i++) {
      x = norms.get(i).forward(store, convolutions.get(i).forward(store, x, training), training);
      if (i < convolutions.size() - 1) {
        x = new NDList(Activation.relu(x.singletonOrThrow()));
      }
    }
    Block shortcut = downsample;
    NDList identity = shortcut == null ? inputs : shortcut.forward(store, inputs, training);
    NDArray sum = x.singletonOrThrow().add(identity.singletonOrThrow());
    return new NDList(Activation.relu(sum)); // [n, outputs, h / stride, w / stride]
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape[] shapes = inputs;
    for (int i = 0; i < convolutions.size(); i++) {
      convolutions.get(i).initialize(manager, type, shapes);
      shapes = convolutions.get(i).getOutputShapes(shapes);
      norms.get(i).initialize(manager, type, shapes);
    }
    if (downsample != null) {
      downsample.initialize(manager, type, inputs);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape[] shapes = inputs;
    for (Conv2d convolution : convolutions) {
      shapes = convolution.getOutputShapes(shapes);
    }
    return shapes;
  }
}
