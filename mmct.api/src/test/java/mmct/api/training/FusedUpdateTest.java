package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.initializer.Initializer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import mmct.api.config.Settings;
import mmct.api.engine.FusedUpdates;
import mmct.api.engine.Torch;
import mmct.api.graph.StepParameters;
import mmct.api.graph.Weights;
import mmct.api.training.Optimizer.Group;
import mmct.api.training.RunConfig.OptimizerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Updates of all parameters at once beside those piece by piece.
class FusedUpdateTest {
  private static final Map<String, Shape> SHAPES =
      Map.of("a", new Shape(7, 5), "b", new Shape(600, 700), "c", new Shape(9), "d", new Shape());

  private final NDManager manager = NDManager.newBaseManager();
  private final Torch.WithoutGradient still = Torch.withoutGradient();
  private FusedUpdates fused;

  @BeforeEach
  void load() {
    fused = Torch.fusedUpdates(manager).orElseThrow();
  }

  @AfterEach
  void close() {
    still.close();
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({
    "sgd, 0.9, true",
    "sgd, 0.9, false",
    "sgd, 0, false",
    "adamw, 0.9, true",
    "adamw, 0.9, false"
  })
  void allAtOnceGivesWhatPieceByPieceGives(String rule, double momentum, boolean decaysAll) {
    OptimizerConfig config =
        Settings.of(
                Map.of(
                    "type",
                    rule,
                    "lr",
                    0.01,
                    "momentum",
                    momentum,
                    "weightDecay",
                    0.1,
                    "decayBiasAndNorm",
                    decaysAll,
                    "clipNorm",
                    600))
            .bind(OptimizerConfig.class);
    Trained once = new Trained(config, Optional.of(fused));
    Trained pieces = new Trained(config, Optional.empty());
    List<Set<String>> reached =
        List.of(
            Set.of("a", "b", "c", "d"),
            Set.of("b", "d"),
            Set.of(),
            Set.of("a", "c"),
            Set.of("a", "b", "c", "d"));
    for (int i = 0; i < reached.size(); i++) {
      double norm = once.step(reached.get(i), i);
      assertThat(norm).isCloseTo(pieces.step(reached.get(i), i), within(1e-5 * norm));
      assertClose(once.weights.flat(), pieces.weights.flat(), 1e-6);
    }
    try (NDManager scope = manager.newSubManager()) {
      Map<String, NDArray> expected = pieces.optimizer.state(scope);
      once.optimizer
          .state(scope)
          .forEach(
              (name, array) -> {
                // Without momentum nothing is read of the velocity.
                if (momentum > 0) {
                  assertClose(array, expected.get(name), 1e-5);
                }
              });
    }
  }

  @Test
  void aParameterThatNoTermReachedIsLeftAsItIs() {
    OptimizerConfig config =
        Settings.of(Map.of("type", "adamw", "lr", 0.1, "weightDecay", 0.1))
            .bind(OptimizerConfig.class);
    Trained trained = new Trained(config, Optional.of(fused));
    trained.step(SHAPES.keySet(), 1);
    float[] before = trained.weights.arrays().get("a").toFloatArray();
    trained.step(Set.of("b", "c", "d"), 2);
    assertThat(trained.weights.arrays().get("a").toFloatArray()).containsExactly(before);
  }

  @Test
  void whatIsUpdatedIsSeenByTheNextStepsLeaves() {
    OptimizerConfig config =
        Settings.of(Map.of("type", "sgd", "lr", 1, "momentum", 0, "weightDecay", 0))
            .bind(OptimizerConfig.class);
    Trained trained = new Trained(config, Optional.of(fused));
    trained.step(SHAPES.keySet(), 1);
    Parameter parameter = trained.parameters.get("a");
    try (NDManager step = manager.newSubManager();
        GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
      NDArray leaf = new StepParameters(step, true).getValue(parameter, step.getDevice(), true);
      assertThat(leaf.toFloatArray()).containsExactly(parameter.getArray().toFloatArray());
      gradients.backward(leaf.mul(leaf).sum());
      assertThat(leaf.getGradient().toFloatArray())
          .containsExactly(leaf.mul(leaf.onesLike().mul(2)).toFloatArray());
    }
  }

  private static void assertClose(NDArray actual, NDArray expected, double tolerance) {
    NDArray a = actual.toType(DataType.FLOAT32, true);
    NDArray b = expected.toType(DataType.FLOAT32, true);
    double size = Math.max(1, b.abs().max().getFloat());
    assertThat((double) a.sub(b).abs().max().getFloat()).isLessThan(tolerance * size);
  }

  /// Four parameters and their optimiser; two of them are alike.
  private final class Trained {
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Weights weights;
    private final Optimizer optimizer;

    Trained(OptimizerConfig config, Optional<FusedUpdates> updates) {
      for (String name : List.of("a", "b", "c", "d")) {
        Shape shape = SHAPES.get(name);
        Initializer values = (owner, given, type) -> random(given, name.hashCode(), owner);
        Parameter parameter =
            Parameter.builder()
                .setName(name)
                .setType(shape.dimension() < 2 ? Parameter.Type.BIAS : Parameter.Type.WEIGHT)
                .optShape(shape)
                .optInitializer(values)
                .build();
        parameter.initialize(manager, DataType.FLOAT32);
        parameters.put(name, parameter);
      }
      weights = Weights.gather(parameters, manager);
      optimizer = new Optimizer(List.of(new Group("all", weights, 1)), config, manager, updates);
    }

    double step(Set<String> reached, long seed) {
      try (NDManager step = manager.newSubManager()) {
        StepParameters leaves = new StepParameters(step, true);
        if (!reached.isEmpty()) {
          try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
            NDArray sum = step.zeros(new Shape());
            for (String name : reached) {
              NDArray leaf = leaves.getValue(parameters.get(name), step.getDevice(), true);
              // The gradient of a transposed matrix arrives transposed.
              NDArray used = leaf.getShape().dimension() == 2 ? leaf.transpose() : leaf;
              sum = sum.add(used.mul(random(used.getShape(), seed, step)).sum());
            }
            gradients.backward(sum);
          }
        }
        return optimizer.step(leaves, 0.05, step);
      }
    }
  }

  private static NDArray random(Shape shape, long seed, NDManager manager) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, shape);
  }
}
