package mmct.text.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
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
import mmct.text.encoder.EncoderContractTest.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Text encoders compute the same where memory is low, and learn in mixed precision.
class StagesTest {
  private static final int ROWS = 5;
  private static final int LENGTH = 6;
  private static final int WIDTH = 8;
  private static final double RATE = 0.1;

  private static final Loss LOSS =
      input -> LossOutput.of(input.query().sub(input.key()).square().sum(new int[] {1}));

  private record Texts(Kind kind, double dropout) implements Modality {
    @Override
    public Views draw(Cell cell, ViewRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<View> plain(Cell cell) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Backbone> newBackbone(boolean active) {
      Block block = kind.create(active ? dropout : 0);
      return Optional.of(new Backbone(block, WIDTH, List.of(new Shape(1, LENGTH))));
    }
  }

  private static GraphSpec.Builder graphOf(Kind kind, double dropout) {
    return GraphSpec.builder()
        .modality("text", new Texts(kind, dropout))
        .space("s", new SpaceConfig(4, 0))
        .objective("o", LOSS, "text", "text", "s", 1)
        .queue(0);
  }

  private static TrainingStep stepOf(TrainingGraph graph) {
    Optimizer optimizer =
        Optimizer.of(
            graph,
            Settings.of(Map.of("type", "sgd", "lr", RATE, "momentum", 0, "weightDecay", 0))
                .bind(OptimizerConfig.class));
    return new TrainingStep(graph, optimizer, Engine.getInstance(), 7);
  }

  private static Map<String, float[]> trained(Kind kind, Precision precision, boolean lowMemory) {
    return weights(kind, precision, lowMemory, 1);
  }

  /// The weights after some steps.
  private static Map<String, float[]> weights(
      Kind kind, Precision precision, boolean lowMemory, int steps) {
    GraphSpec spec = graphOf(kind, 0).precision(precision).lowMemory(lowMemory).build();
    try (TrainingGraph graph = TrainingGraph.create(spec, Device.cpu(), 7, 100)) {
      TrainingStep step = stepOf(graph);
      for (int i = 0; i < steps; i++) {
        step.take(List.of(batch(0), batch(1)), 1, new Moment(i, 0));
      }
      Map<String, float[]> weights = new HashMap<>();
      graph.weights().forEach((name, array) -> weights.put(name, array.toFloatArray()));
      return weights;
    }
  }

  private static Batch batch(int part) {
    SplittableRandom random = new SplittableRandom(part);
    Batch.Views views = new Batch.Views(List.of(rows(random)), List.of(rows(random)));
    return new Batch(
        IntStream.range(0, ROWS).mapToObj(row -> part + "-" + row).toList(),
        IntStream.range(0, ROWS).mapToLong(row -> part * 10L + row).toArray(),
        Map.of("text", views),
        Map.of());
  }

  private static Batch.Rows rows(SplittableRandom random) {
    HostTensor ids = HostTensor.allocate(DataType.INT64, ROWS, LENGTH);
    for (int i = 0; i < ROWS * LENGTH; i++) {
      ids.data().putLong(i % LENGTH > 3 && random.nextBoolean() ? 0 : random.nextInt(1, 11));
    }
    ids.data().rewind();
    return new Batch.Rows(IntStream.range(0, ROWS).toArray(), List.of(ids));
  }

  private static void same(
      Map<String, float[]> actual, Map<String, float[]> expected, double most) {
    assertThat(actual).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, values) ->
            assertThat(actual.get(name)).as(name).containsExactly(values, within((float) most)));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void computingTwiceGivesTheSameGradients(Kind kind) {
    same(
        trained(kind, Precision.FLOAT32, true),
        trained(kind, Precision.FLOAT32, false),
        RATE * 1e-5);
  }

  /// Along its own gradient a loss falls by the rate times the squared norm. It would fall by less
  /// if the gradient were that of other dropped elements. A step of the same number draws the same.
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BERT", "TRANSFORMER"})
  void computingAgainDropsTheSame(Kind kind) {
    GraphSpec spec = graphOf(kind, 0.5).momentum(1).lowMemory(true).build();
    try (TrainingGraph graph = TrainingGraph.create(spec, Device.cpu(), 7, 100)) {
      TrainingStep step = stepOf(graph);
      List<Batch> parts = List.of(batch(0), batch(1));
      Moment moment = new Moment(0, 0);
      TrainingStep.Result before = step.take(parts, 0, moment);
      double fall = before.total() / 1000;
      step.take(parts, fall / (RATE * Math.pow(before.gradientNorm(), 2)), moment);
      TrainingStep.Result after = step.take(parts, 0, moment);
      assertThat(before.total() - after.total()).isCloseTo(fall, withinPercentage(5));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BERT", "TRANSFORMER"})
  void learnsInMixedPrecisionNearlyAsInFloat32(Kind kind) {
    Map<String, float[]> mixed = trained(kind, Precision.BF16, false);
    Map<String, float[]> exact = trained(kind, Precision.FLOAT32, false);
    Map<String, float[]> before = weights(kind, Precision.FLOAT32, false, 0);
    double apart = distance(mixed, exact) / distance(exact, before);
    // bf16 rounds to 2⁻⁹; some ten roundings lie one behind the other, mostly at random.
    assertThat(apart).isBetween(1e-4, 0.05);
  }

  private static double distance(Map<String, float[]> a, Map<String, float[]> b) {
    double squares = 0;
    for (String name : a.keySet()) {
      for (int i = 0; i < a.get(name).length; i++) {
        squares += Math.pow((double) a.get(name)[i] - b.get(name)[i], 2);
      }
    }
    return Math.sqrt(squares);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void computesTwiceInMixedPrecision(Kind kind) {
    same(trained(kind, Precision.BF16, true), trained(kind, Precision.BF16, false), RATE * 1e-5);
  }
}
