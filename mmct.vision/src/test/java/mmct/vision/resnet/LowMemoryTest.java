package mmct.vision.resnet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.engine.Precision;
import mmct.api.graph.Batch;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Backbone;
import mmct.api.spi.Loss;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Modality;
import mmct.api.training.Optimizer;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.TrainingStep;
import mmct.vision.EncoderOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Computing a residual network's activations twice changes the memory that a step takes, and
/// nothing else.
class LowMemoryTest {
  private static final int ROWS = 6;
  private static final int SIZE = 32;
  private static final double RATE = 0.1;

  /// Pictures for a network of the given depth.
  private record Pictures(EncoderOptions.Type type) implements Modality {
    @Override
    public Views draw(Cell cell, ViewRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<View> plain(Cell cell) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Backbone> newBackbone(boolean dropout) {
      ResNet network = ResNet.of(new EncoderOptions(type, false, false));
      return Optional.of(
          new Backbone(network, network.width(), List.of(new Shape(1, 3, SIZE, SIZE))));
    }
  }

  private static final Loss LOSS =
      input -> LossOutput.of(input.query().sub(input.key()).square().sum(new int[] {1}));

  /// All weights and running statistics after some steps of gradient descent.
  private static Map<String, float[]> trained(
      EncoderOptions.Type type, Precision precision, boolean lowMemory, int parts) {
    GraphSpec spec =
        GraphSpec.builder()
            .modality("picture", new Pictures(type))
            .space("s", new SpaceConfig(4, 0))
            .objective("o", LOSS, "picture", "picture", "s", 1)
            .queue(0)
            .precision(precision)
            .lowMemory(lowMemory)
            .build();
    try (TrainingGraph graph = TrainingGraph.create(spec, Device.cpu(), 7, 100)) {
      Optimizer optimizer =
          Optimizer.of(
              graph,
              Settings.of(Map.of("type", "sgd", "lr", RATE, "momentum", 0, "weightDecay", 0))
                  .bind(OptimizerConfig.class));
      TrainingStep step = new TrainingStep(graph, optimizer, Engine.getInstance(), 7);
      List<Batch> batch = IntStream.range(0, parts).mapToObj(LowMemoryTest::batch).toList();
      step.take(batch, 1, new Moment(0, 0));
      Map<String, float[]> weights = new HashMap<>();
      graph.weights().forEach((name, array) -> weights.put(name, array.toFloatArray()));
      return weights;
    }
  }

  private static Batch batch(int part) {
    SplittableRandom random = new SplittableRandom(part);
    int[] rows = IntStream.range(0, ROWS).toArray();
    Batch.Views views = new Batch.Views(List.of(rows(rows, random)), List.of(rows(rows, random)));
    return new Batch(
        IntStream.range(0, ROWS).mapToObj(row -> part + "-" + row).toList(),
        IntStream.range(0, ROWS).mapToLong(row -> part * 10L + row).toArray(),
        Map.of("picture", views),
        Map.of());
  }

  private static Batch.Rows rows(int[] rows, SplittableRandom random) {
    return new Batch.Rows(
        rows, List.of(HostTensor.normal(ROWS, new Shape(1, 3, SIZE, SIZE), random)));
  }

  @ParameterizedTest
  @EnumSource(
      value = EncoderOptions.Type.class,
      names = {"RESNET18", "RESNET50"})
  void givesTheSameGradientsAndRunningStatistics(EncoderOptions.Type type) {
    Map<String, float[]> normal = trained(type, Precision.FLOAT32, false, 2);
    Map<String, float[]> low = trained(type, Precision.FLOAT32, true, 2);

    assertThat(low).containsOnlyKeys(normal.keySet());
    for (String name : normal.keySet()) {
      // Weights differ by the rate times the gradients' difference.
      double most = name.contains("running") ? 0 : RATE * 1e-5;
      assertThat(difference(low, normal, name)).as(name).isLessThanOrEqualTo(most);
    }
  }

  /// The largest difference of two states in one array.
  private static double difference(
      Map<String, float[]> one, Map<String, float[]> other, String name) {
    float[] left = one.getOrDefault(name, new float[0]);
    float[] right = other.getOrDefault(name, new float[0]);
    assertThat(left).hasSameSizeAs(right);
    return IntStream.range(0, left.length)
        .mapToDouble(i -> Math.abs((double) left[i] - (double) right[i]))
        .max()
        .orElseThrow();
  }

  @Test
  void computesTwiceInTheSamePrecision() {
    Map<String, float[]> normal = trained(EncoderOptions.Type.RESNET18, Precision.BF16, false, 1);
    Map<String, float[]> low = trained(EncoderOptions.Type.RESNET18, Precision.BF16, true, 1);
    Map<String, float[]> single = trained(EncoderOptions.Type.RESNET18, Precision.FLOAT32, true, 1);

    String stem = "query.picture.backbone.conv1.weight";
    assertThat(difference(low, normal, stem)).isLessThanOrEqualTo(RATE * 1e-5);
    assertThat(difference(low, single, stem)).isGreaterThan(RATE * 1e-5);
  }
}
