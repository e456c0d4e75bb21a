package mmct.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mmct.api.spi.LossOutput;
import org.junit.jupiter.api.Test;

/// The momentum encoders.
class MomentumTest {
  private static final int LENGTH = 4;
  private static final Map<String, ?> SGD =
      Map.of("type", "sgd", "lr", 0.5, "momentum", 0.9, "weightDecay", 0.01);

  private final Probe probe = Probe.pair();

  private GraphSpec.Builder spec(Vectors modality) {
    return GraphSpec.builder()
        .modality("a", modality)
        .space("s", new SpaceConfig(3, 6))
        .objective("o", probe, "a", "a", "s", 1)
        .queue(8);
  }

  private static Batch batch(long seed) {
    return BatchOf.fresh(seed, 4)
        .with("a", BatchOf.random(4, LENGTH, seed), BatchOf.random(4, LENGTH, seed + 100))
        .build();
  }

  @Test
  void theCopyBeginsAsItsOriginal() {
    try (Bench bench = new Bench(spec(new Vectors(LENGTH, 5)).build(), SGD)) {
      Map<String, float[]> weights = bench.weights();
      assertThat(weights.keySet()).anyMatch(name -> name.startsWith("momentum.a."));
      weights.forEach(
          (name, values) ->
              assertThat(values)
                  .isEqualTo(weights.get(name.replaceFirst("^momentum\\.", "query."))));
    }
  }

  @Test
  void theCopyMovesByTheFormulaFromTheWeightsBeforeTheUpdate() {
    double m = 0.9;
    try (Bench bench = new Bench(spec(new Vectors(LENGTH, 5)).momentum(m).build(), SGD)) {
      Map<String, double[]> expected = new HashMap<>();
      bench.weights().forEach((name, values) -> expected.put(name, doubles(values)));
      for (int step = 0; step < 5; step++) {
        Map<String, float[]> before = bench.weights();
        expected.forEach(
            (name, values) -> {
              if (name.startsWith("momentum.")) {
                float[] query = before.get(name.replaceFirst("^momentum\\.", "query."));
                for (int i = 0; i < values.length; i++) {
                  values[i] = m * values[i] + (1 - m) * query[i];
                }
              }
            });
        bench.take(batch(step));
        Map<String, float[]> after = bench.weights();
        assertThat(after.get("query.a.heads.s.0.weight"))
            .isNotEqualTo(before.get("query.a.heads.s.0.weight"));
        expected.forEach(
            (name, values) -> {
              if (name.startsWith("momentum.")) {
                assertThat(doubles(after.get(name))).as(name).containsExactly(values, within(1e-6));
              }
            });
      }
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  @Test
  void aMomentumOfOneKeepsTheCopyAndOfZeroFollowsAtOnce() {
    try (Bench fixed = new Bench(spec(new Vectors(LENGTH, 5)).momentum(1).build(), SGD);
        Bench following = new Bench(spec(new Vectors(LENGTH, 5)).momentum(0).build(), SGD)) {
      Map<String, float[]> start = fixed.weights();
      for (int step = 0; step < 3; step++) {
        fixed.take(batch(step));
        following.take(batch(step));
      }
      start.forEach(
          (name, values) -> {
            if (name.startsWith("momentum.")) {
              assertThat(fixed.weights().get(name)).as(name).isEqualTo(values);
            }
          });
      Map<String, float[]> before = following.weights();
      following.take(batch(9));
      before.forEach(
          (name, values) -> {
            if (name.startsWith("query.")) {
              assertThat(following.weights().get(name.replaceFirst("^query\\.", "momentum.")))
                  .as(name)
                  .isEqualTo(values);
            }
          });
    }
  }

  @Test
  void runningStatisticsAreTheCopysOwn() {
    Vectors normalised = new Vectors(LENGTH, 5).batchNormalised();
    try (Bench bench = Bench.still(spec(normalised).momentum(1))) {
      bench.take(batch(1));
      Map<String, float[]> weights = bench.weights();
      String mean = "query.a.backbone.BatchNorm.running_mean";
      assertThat(weights).containsKey(mean);
      assertThat(weights.get(mean)).isNotEqualTo(new float[5]);
      assertThat(weights.get(mean.replace("query.", "momentum.")))
          .as("the copy has seen other views")
          .isNotEqualTo(weights.get(mean))
          .isNotEqualTo(new float[5]);
    }
  }

  @Test
  void keysCarryNoGradient() {
    Probe watching =
        new Probe(
            probe.needs(),
            input -> {
              assertThat(input.key().hasGradient()).isFalse();
              assertThat(input.queue().hasGradient()).isFalse();
              NDArray queries = input.query();
              return LossOutput.of(queries.mul(input.key()).sum(new int[] {1}).neg());
            });
    GraphSpec spec =
        GraphSpec.builder()
            .modality("a", new Vectors(LENGTH, 5))
            .modality("b", new Vectors(LENGTH, 5))
            .space("s", new SpaceConfig(3, 6))
            .objective("o", watching, "a", "b", "s", 1)
            .queue(8)
            .momentum(0.5)
            .build();
    try (Bench bench = new Bench(spec, SGD)) {
      Map<String, float[]> start = bench.weights();
      bench.take(both(1));
      bench.take(both(2));
      bench
          .weights()
          .forEach(
              (name, values) -> {
                if (name.contains(".b.")) {
                  assertThat(values).as(name).isEqualTo(start.get(name));
                }
              });
      assertThat(watching.seen()).hasSize(2);
    }
  }

  private static Batch both(long seed) {
    return BatchOf.fresh(seed, 3)
        .with("a", BatchOf.random(3, LENGTH, seed))
        .with("b", BatchOf.random(3, LENGTH, seed + 50))
        .build();
  }

  @Test
  void withoutKeyDropoutTheKeysOfOneInputAreTheSame() {
    Vectors dropping = new Vectors(LENGTH, 32).dropout(0.5);
    for (boolean keyDropout : List.of(false, true)) {
      try (Bench bench = Bench.still(spec(dropping).momentum(1).keyDropout(keyDropout))) {
        bench.take(batch(1));
        float[][] keys = probe.last().sides().getLast().keys().getFirst();
        float[][] queries = probe.last().sides().getFirst().queries().getFirst();
        bench.take(batch(1));
        assertThat(Arrays.deepEquals(probe.last().sides().getFirst().queries().getFirst(), queries))
            .as("dropout is active in the query encoder")
            .isFalse();
        float[][] again = probe.last().sides().getLast().keys().getFirst();
        assertThat(Arrays.deepEquals(again, keys)).isEqualTo(!keyDropout);
      }
    }
  }

  @Test
  void aModalityWithoutKeysHasNoCopy() {
    GraphSpec.Builder spec =
        GraphSpec.builder()
            .modality("a", new Vectors(LENGTH, 5))
            .modality("b", new Vectors(LENGTH, 5))
            .space("s", new SpaceConfig(3, 6))
            .objective("o", probe, "a", "b", "s", 1)
            .queue(8);
    try (Bench bench = Bench.still(spec)) {
      assertThat(bench.graph().queryEncoders()).containsOnlyKeys("a", "b");
      assertThat(bench.graph().momentumEncoders()).containsOnlyKeys("b");
    }
  }
}
