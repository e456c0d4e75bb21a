package mmct.vision.resnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.Map;
import mmct.api.graph.ParameterNames;
import mmct.vision.EncoderOptions;
import mmct.vision.EncoderOptions.Type;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What a residual network computes, whatever its weights are.
class ResNetTest {
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    Engine.getInstance().setRandomSeed(7);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @EnumSource(Type.class)
  void pictureOfAnySizeBecomesOneRowOfFeatures(Type type) {
    ResNet network = network(new EncoderOptions(type, false, false));

    for (Shape shape : new Shape[] {new Shape(1, 3, 64, 64), new Shape(2, 3, 33, 47)}) {
      NDArray features = forward(network, manager.randomNormal(shape), false);
      assertThat(features.getShape()).isEqualTo(new Shape(shape.get(0), network.width()));
      assertThat(features.abs().max().getFloat()).isPositive().isFinite();
      assertThat(network.getOutputShapes(new Shape[] {shape})[0]).isEqualTo(features.getShape());
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, true"})
  void rowInEvaluationDoesNotDependOnItsBatch(boolean zeroInit, boolean smallStem) {
    ResNet network = network(new EncoderOptions(Type.RESNET18, zeroInit, smallStem));
    NDArray pictures = manager.randomNormal(new Shape(3, 3, 32, 32));
    forward(network, pictures, true); // moves the running statistics away from their start

    NDArray together = forward(network, pictures, false);
    for (int i = 0; i < 3; i++) {
      NDArray alone = forward(network, pictures.get(i + ":" + (i + 1)), false);
      assertThat(distance(alone, together.get(i + ":" + (i + 1)))).isLessThan(1e-5f);
    }
  }

  @Test
  void evaluationLeavesRunningStatisticsAlone() {
    ResNet network = network(new EncoderOptions(Type.RESNET18, false, false));
    Parameter mean = ParameterNames.of(network).get("layer3.1.bn2.running_mean");
    NDArray before = mean.getArray().duplicate();

    forward(network, manager.randomNormal(new Shape(2, 3, 64, 64)), false);
    assertThat(distance(mean.getArray(), before)).isZero();
    forward(network, manager.randomNormal(new Shape(2, 3, 64, 64)), true);
    assertThat(distance(mean.getArray(), before)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"RESNET18, bn2", "RESNET50, bn3"})
  void zeroInitStartsTheLastNormalisationOfEveryBlockAtZero(Type type, String last) {
    Map<String, Parameter> parameters =
        ParameterNames.of(network(new EncoderOptions(type, true, false)));

    parameters.forEach(
        (name, parameter) -> {
          if (name.matches("(.*\\.)?(bn\\d|downsample\\.1)\\.weight")) {
            boolean zero = name.endsWith(last + ".weight");
            assertThat(parameter.getArray().eq(zero ? 0 : 1).all().getBoolean()).as(name).isTrue();
          }
        });
  }

  @Test
  void zeroInitMakesBlocksIdentities() {
    for (ResidualBlock block :
        new ResidualBlock[] {
          ResidualBlock.basic(8, 8, 1, true), ResidualBlock.bottleneck(8, 2, 1, true)
        }) {
      NDArray x = manager.randomUniform(0, 1, new Shape(2, 8, 6, 6)); // what a rectifier returns
      block.initialize(manager, DataType.FLOAT32, x.getShape());

      NDArray y = block.forward(store(), new NDList(x), true).singletonOrThrow();
      assertThat(distance(x, y)).isZero();
    }
  }

  @Test
  void convolutionsStartNormalWithHesVarianceOfTheFanOut() {
    ParameterNames.of(network(new EncoderOptions(Type.RESNET50, false, false)))
        .forEach(
            (name, parameter) -> {
              NDArray weight = parameter.getArray();
              if (weight.getShape().dimension() == 4) {
                double fanOut = weight.getShape().get(0) * weight.getShape().slice(2).size();
                double variance = weight.square().mean().getFloat();
                double relative = variance * fanOut / 2;
                // The variance of n normal numbers strays by √(2/n); five times that is no chance.
                assertThat(relative)
                    .as(name)
                    .isCloseTo(1, within(5 * Math.sqrt(2.0 / weight.size())));
              }
            });
  }

  @Test
  void gradientReachesEveryTrainedParameter() {
    ResNet network = network(new EncoderOptions(Type.RESNET50, false, false));
    Map<String, Parameter> parameters = ParameterNames.of(network);
    parameters.values().stream()
        .filter(Parameter::requiresGradient)
        .forEach(parameter -> parameter.getArray().setRequiresGradient(true));

    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray features = forward(network, manager.randomNormal(new Shape(2, 3, 64, 64)), true);
      collector.backward(features.square().sum());
    }
    parameters.forEach(
        (name, parameter) -> {
          if (parameter.requiresGradient()) {
            try (NDArray gradient = parameter.getArray().getGradient()) {
              assertThat(gradient.abs().max().getFloat()).as(name).isPositive().isFinite();
            }
          }
        });
  }

  private ResNet network(EncoderOptions options) {
    ResNet network = ResNet.of(options);
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 64));
    return network;
  }

  private ParameterStore store() {
    return new ParameterStore(manager, false);
  }

  private NDArray forward(ResNet network, NDArray pictures, boolean training) {
    return network.forward(store(), new NDList(pictures), training).singletonOrThrow();
  }

  private static float distance(NDArray a, NDArray b) {
    return a.sub(b).abs().max().getFloat();
  }
}
