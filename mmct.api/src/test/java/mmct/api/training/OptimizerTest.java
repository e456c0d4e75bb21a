package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import mmct.api.MmctException;
import mmct.api.graph.BatchOf;
import mmct.api.graph.Bench;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.Vectors;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The optimiser's rules against float64, on parameters whose gradients a test chooses.
class OptimizerTest {
  private static final Map<String, Shape> SMALL =
      ordered(
          "first",
          new Shape(5, 7),
          "second",
          new Shape(3, 4),
          "bias",
          new Shape(6),
          "scale",
          new Shape());

  private static Map<String, Shape> ordered(Object... namesAndShapes) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (int i = 0; i < namesAndShapes.length; i += 2) {
      shapes.put((String) namesAndShapes[i], (Shape) namesAndShapes[i + 1]);
    }
    return shapes;
  }

  /// A loss whose gradient is what was put into it: `Σ p·g` over its own parameters.
  private static final class Pull implements Loss {
    private final Map<String, Shape> shapes;
    private Map<String, double[]> gradients = Map.of();

    Pull(Map<String, Shape> shapes) {
      this.shapes = shapes;
    }

    @Override
    public Needs needs() {
      return Needs.pair()
          .parameters(
              shapes.entrySet().stream()
                  .map(e -> new LossParameter(e.getKey(), e.getValue(), 0.5, 1))
                  .toArray(LossParameter[]::new));
    }

    @Override
    public LossOutput evaluate(LossInput input) {
      NDArray sum = input.manager().zeros(new Shape());
      for (Map.Entry<String, double[]> entry : gradients.entrySet()) {
        NDArray gradient =
            input.manager().create(floats(entry.getValue()), shapes.get(entry.getKey()));
        sum = sum.add(input.parameter(entry.getKey()).mul(gradient).sum());
      }
      return LossOutput.of(sum);
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static Bench bench(Loss loss, Map<String, ?> optimizer) {
    return new Bench(
        GraphSpec.builder()
            .modality("a", new Vectors(2, 2))
            .space("s", new SpaceConfig(2, 0))
            .objective("o", loss, "a", "a", "s", 1)
            .queue(2)
            .build(),
        optimizer);
  }

  private static final float[][] ROWS = {{1, 2}, {3, 4}};

  private static double take(
      Bench bench, Pull loss, Map<String, double[]> gradients, double factor) {
    loss.gradients = gradients;
    return bench.take(factor, BatchOf.fresh(0, 2).with("a", ROWS).build()).gradientNorm();
  }

  /// Random gradients of the parameters, rounded to float so that both sides see the same.
  private static Map<String, double[]> random(Map<String, Shape> shapes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, double[]> gradients = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          double[] values = new double[(int) shape.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
          }
          gradients.put(name, values);
        });
    return gradients;
  }

  private static Map<String, double[]> weights(Bench bench) {
    Map<String, double[]> weights = new LinkedHashMap<>();
    bench
        .graph()
        .objectives()
        .getFirst()
        .weights()
        .arrays()
        .forEach((name, array) -> weights.put(name, doubles(array.toFloatArray())));
    return weights;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /// One parameter's update in float64.
  private abstract static class Reference {
    final double rate;
    final double decay;
    private final Map<String, double[][]> memories = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    Reference(double rate, double decay) {
      this.rate = rate;
      this.decay = decay;
    }

    void step(Map<String, double[]> weights, Map<String, double[]> gradients, double factor) {
      gradients.forEach(
          (name, gradient) -> {
            double[] w = weights.get(name);
            boolean proper = SMALL.containsKey(name) ? SMALL.get(name).dimension() > 1 : true;
            // The parameters are an objective's: its biases and lone numbers are never decayed.
            double beta = proper ? decay : 0;
            int count = counts.merge(name, 1, Integer::sum);
            double[][] memory = memories.computeIfAbsent(name, n -> new double[2][w.length]);
            update(w, gradient, memory, rate * factor, beta, count, proper);
          });
    }

    abstract void update(
        double[] w, double[] g, double[][] m, double eta, double beta, int t, boolean proper);
  }

  /// torch.optim.SGD with dampening 0: `d = g + βw; b = μb + d; w −= ηb`.
  private static Reference sgd(double rate, double momentum, double decay) {
    return new Reference(rate, decay) {
      @Override
      void update(
          double[] w, double[] g, double[][] m, double eta, double beta, int t, boolean proper) {
        for (int i = 0; i < w.length; i++) {
          m[0][i] = momentum * m[0][i] + g[i] + beta * w[i];
          w[i] -= eta * m[0][i];
        }
      }
    };
  }

  /// torch.optim.AdamW.
  private static Reference adamw(double rate, double b1, double b2, double eps, double decay) {
    return new Reference(rate, decay) {
      @Override
      void update(
          double[] w, double[] g, double[][] m, double eta, double beta, int t, boolean proper) {
        for (int i = 0; i < w.length; i++) {
          w[i] *= 1 - eta * beta;
          m[0][i] = b1 * m[0][i] + (1 - b1) * g[i];
          m[1][i] = b2 * m[1][i] + (1 - b2) * g[i] * g[i];
          double mean = m[0][i] / (1 - Math.pow(b1, t));
          double square = m[1][i] / (1 - Math.pow(b2, t));
          w[i] -= eta * mean / (Math.sqrt(square) + eps);
        }
      }
    };
  }

  /// You, Gitman and Ginsburg 2017, Algorithm 1: `λ = ξ‖w‖/(‖g‖+β‖w‖); v = μv + ηλ(g + βw); w −=
  /// v`.
  private static Reference lars(double rate, double momentum, double trust, double decay) {
    return new Reference(rate, decay) {
      @Override
      void update(
          double[] w, double[] g, double[][] m, double eta, double beta, int t, boolean proper) {
        double local = proper ? trust * norm(w) / (norm(g) + beta * norm(w)) : 1;
        for (int i = 0; i < w.length; i++) {
          m[0][i] = momentum * m[0][i] + eta * local * (g[i] + beta * w[i]);
          w[i] -= m[0][i];
        }
      }
    };
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static double norm(Map<String, double[]> gradients) {
    return Math.sqrt(gradients.values().stream().mapToDouble(g -> norm(g) * norm(g)).sum());
  }

  private static void agree(
      Reference reference, Map<String, ?> config, Map<String, Shape> shapes, int steps) {
    Pull loss = new Pull(shapes);
    try (Bench bench = bench(loss, config)) {
      Map<String, double[]> expected = weights(bench);
      for (int step = 0; step < steps; step++) {
        double factor = 1 - 0.15 * step;
        Map<String, double[]> gradients = random(shapes, step);
        if (step % 3 == 1) {
          // A step that does not reach all parameters: the others keep memory and count.
          gradients.remove(shapes.keySet().iterator().next());
          gradients.remove("bias");
        }
        reference.step(expected, gradients, factor);
        assertThat(take(bench, loss, gradients, factor))
            .isCloseTo(norm(gradients), within(1e-4 * norm(gradients)));
        String when = " after step " + step;
        weights(bench)
            .forEach(
                (name, values) ->
                    assertThat(largestDifference(values, expected.get(name)))
                        .as(name + when)
                        .isLessThan(2e-5));
      }
    }
  }

  private static double largestDifference(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
    }
    return largest;
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.1, true", "0.9, 0.1, false", "0, 0, true"})
  void sgdIsPyTorchsRule(double momentum, double decay, boolean all) {
    agree(
        sgd(0.05, momentum, decay),
        Map.of(
            "type",
            "sgd",
            "lr",
            0.05,
            "momentum",
            momentum,
            "weightDecay",
            decay,
            "decayBiasAndNorm",
            all),
        SMALL,
        6);
  }

  @ParameterizedTest
  @CsvSource({"0.1, true", "0.1, false", "0, true"})
  void adamwIsPyTorchsRule(double decay, boolean all) {
    agree(
        adamw(0.02, 0.9, 0.98, 1e-6, decay),
        Map.of(
            "type",
            "adamw",
            "lr",
            0.02,
            "betas",
            List.of(0.9, 0.98),
            "epsilon",
            1e-6,
            "weightDecay",
            decay,
            "decayBiasAndNorm",
            all),
        SMALL,
        6);
  }

  @ParameterizedTest
  @CsvSource({"0.1, true", "0.1, false", "0, true"})
  void larsScalesTheRateOfEachWeightButOfNoBias(double decay, boolean all) {
    agree(
        lars(0.5, 0.9, 0.02, decay),
        Map.of(
            "type",
            "lars",
            "lr",
            0.5,
            "momentum",
            0.9,
            "trust",
            0.02,
            "weightDecay",
            decay,
            "decayBiasAndNorm",
            all),
        SMALL,
        6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adamw"})
  void manyAndLargeParametersAreUpdatedLikeSmallOnes(String rule) {
    Map<String, Shape> large =
        ordered(
            "a", new Shape(130, 1000),
            "b", new Shape(700, 800),
            "c", new Shape(151, 1001),
            "d", new Shape(149, 1003));
    Reference reference =
        rule.equals("sgd") ? sgd(0.05, 0.9, 0.1) : adamw(0.02, 0.9, 0.999, 1e-8, 0.1);
    Map<String, ?> config =
        rule.equals("sgd")
            ? Map.of("type", "sgd", "lr", 0.05, "momentum", 0.9, "weightDecay", 0.1)
            : Map.of("type", "adamw", "lr", 0.02, "weightDecay", 0.1);
    agree(reference, config, large, 3);
  }

  @Test
  void aLargeGradientIsScaledDownToTheLimitAndKeepsItsDirection() {
    Pull loss = new Pull(SMALL);
    Map<String, ?> config =
        Map.of("type", "sgd", "lr", 1, "momentum", 0, "weightDecay", 0, "clipNorm", 0.7);
    try (Bench bench = bench(loss, config)) {
      Map<String, double[]> before = weights(bench);
      Map<String, double[]> gradients = random(SMALL, 5);
      assertThat(take(bench, loss, gradients, 1))
          .as("the norm before clipping is told")
          .isCloseTo(norm(gradients), within(1e-4));
      Map<String, double[]> moved = difference(before, weights(bench));
      assertThat(norm(moved)).isCloseTo(0.7, within(1e-5));
      double scale = 0.7 / norm(gradients);
      moved.forEach(
          (name, values) -> {
            for (int i = 0; i < values.length; i++) {
              assertThat(values[i]).isCloseTo(scale * gradients.get(name)[i], within(1e-5));
            }
          });
    }
  }

  @Test
  void aSmallGradientIsNotScaled() {
    Pull loss = new Pull(SMALL);
    Map<String, double[]> gradients = random(SMALL, 5);
    Map<String, ?> config =
        Map.of(
            "type",
            "sgd",
            "lr",
            1,
            "momentum",
            0,
            "weightDecay",
            0,
            "clipNorm",
            norm(gradients) * 1.01);
    try (Bench bench = bench(loss, config)) {
      Map<String, double[]> before = weights(bench);
      take(bench, loss, gradients, 1);
      assertThat(norm(difference(before, weights(bench)))).isCloseTo(norm(gradients), within(1e-4));
    }
  }

  private static Map<String, double[]> difference(
      Map<String, double[]> before, Map<String, double[]> after) {
    Map<String, double[]> moved = new LinkedHashMap<>();
    before.forEach(
        (name, values) -> {
          double[] change = new double[values.length];
          for (int i = 0; i < change.length; i++) {
            change[i] = values[i] - after.get(name)[i];
          }
          moved.put(name, change);
        });
    return moved;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adamw", "lars"})
  void aRestoredOptimiserGoesOnBitForBit(String rule) {
    Pull loss = new Pull(SMALL);
    Map<String, ?> config = Map.of("type", rule, "lr", 0.1, "weightDecay", 0.1);
    try (Bench straight = bench(loss, config);
        Bench restored = bench(loss, config)) {
      for (int step = 0; step < 3; step++) {
        Map<String, double[]> gradients = random(SMALL, step);
        gradients.remove(step == 1 ? "second" : "");
        take(straight, loss, gradients, 1);
      }
      restored.restore(straight);
      for (Bench bench : List.of(straight, restored)) {
        take(bench, loss, random(SMALL, 9), 0.5);
      }
      assertThat(weights(restored)).usingRecursiveComparison().isEqualTo(weights(straight));
    }
  }

  @Test
  void theStateOfAnotherRuleIsRefused() {
    Pull loss = new Pull(SMALL);
    try (Bench sgd = bench(loss, Map.of("type", "sgd"));
        Bench adamw = bench(loss, Map.of("type", "adamw"));
        NDManager scope = NDManager.newBaseManager()) {
      Map<String, NDArray> state = sgd.optimizer().state(scope);
      assertThatThrownBy(() -> adamw.optimizer().restore(state))
          .isInstanceOf(MmctException.class)
          .hasMessage("the checkpoint does not fit the configuration: it lacks 'optimizer.a.mean'");
    }
  }

  @Test
  void theScheduleActsOnEveryGroupsRate() {
    try (Bench bench = bench(new Pull(SMALL), Map.of("type", "sgd", "lr", 0.4))) {
      assertThat(bench.optimizer().rates(0.25))
          .containsExactly(Map.entry("a", 0.1), Map.entry("objective o", 0.1));
    }
  }

  @Test
  void anInfiniteGradientOfAFiniteLossStopsBeforeAnythingHasChanged() {
    Loss root =
        new Loss() {
          @Override
          public Needs needs() {
            return Needs.pair()
                .parameters(
                    LossParameter.scalar("fine", 2), new LossParameter("bad", new Shape(2), 0, 0));
          }

          @Override
          public LossOutput evaluate(LossInput input) {
            return LossOutput.of(input.parameter("bad").sqrt().sum().add(input.parameter("fine")));
          }
        };
    for (Map<String, ?> config :
        List.of(Map.of("type", "adamw"), Map.of("type", "sgd", "clipNorm", 1))) {
      try (Bench bench = bench(root, config)) {
        Map<String, double[]> before = weights(bench);
        assertThatThrownBy(() -> bench.take(BatchOf.fresh(0, 2).with("a", ROWS).build()))
            .isInstanceOf(MmctException.class)
            .hasMessageContaining("gradient")
            .hasMessageContaining("of objective o")
            .hasMessageContaining("not finite");
        assertThat(weights(bench)).usingRecursiveComparison().isEqualTo(before);
        assertThat(new ArrayList<>(List.of(bench.queue("a", "s").filled()))).containsExactly(0);
      }
    }
  }

  /// CLIP and open_clip do not decay their temperature: towards one, where its logarithm is zero,
  /// is no rest.
  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adamw", "lars"})
  void loneNumbersAndVectorsOfAnObjectiveAreNeverDecayed(String rule) {
    Map<String, Shape> shapes =
        ordered("logTemperature", new Shape(), "bias", new Shape(3), "matrix", new Shape(2, 3));
    Pull loss = new Pull(shapes);
    Map<String, ?> config =
        Map.of("type", rule, "lr", 0.1, "weightDecay", 0.5, "decayBiasAndNorm", true);
    try (Bench bench = bench(loss, config)) {
      Map<String, double[]> before = weights(bench);
      Map<String, double[]> still = new LinkedHashMap<>();
      shapes.forEach((name, shape) -> still.put(name, new double[(int) shape.size()]));
      take(bench, loss, still, 1);
      Map<String, double[]> after = weights(bench);
      assertThat(after.get("logTemperature")).containsExactly(before.get("logTemperature"));
      assertThat(after.get("bias")).containsExactly(before.get("bias"));
      for (int i = 0; i < 6; i++) {
        assertThat(after.get("matrix")[i]).isCloseTo(before.get("matrix")[i] * 0.95, within(1e-6));
      }
    }
  }
}
