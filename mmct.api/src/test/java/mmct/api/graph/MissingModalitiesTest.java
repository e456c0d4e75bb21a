package mmct.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import mmct.api.graph.SpaceConfig.Norm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Samples that lack a modality.
class MissingModalitiesTest {
  private static final int LENGTH = 4;
  private static final Map<String, ?> ADAMW =
      Map.of("type", "adamw", "lr", 0.01, "weightDecay", 0.1);
  private static final Map<String, ?> SGD =
      Map.of("type", "sgd", "lr", 0.1, "momentum", 0.9, "weightDecay", 0.1);

  private final Probe aa = Probe.pair();
  private final Probe ab = Probe.pair();

  private GraphSpec.Builder spec() {
    return GraphSpec.builder()
        .modality("a", new Vectors(LENGTH, 5))
        .modality("b", new Vectors(LENGTH, 5))
        .space("self", new SpaceConfig(3, 4))
        .space("common", new SpaceConfig(3, 4))
        .objective("aa", aa, "a", "a", "self", 1)
        .objective("ab", ab, "a", "b", "common", 1)
        .queue(8)
        .momentum(1);
  }

  private static float[][] random(int rows, long seed, int... missing) {
    return BatchOf.random(rows, LENGTH, seed, missing);
  }

  private static Batch onlyA(long seed) {
    return BatchOf.fresh(10 * seed, 3).with("a", random(3, seed)).build();
  }

  private static Batch both(long seed) {
    return BatchOf.fresh(10 * seed, 3)
        .with("a", random(3, seed))
        .with("b", random(3, seed + 100))
        .build();
  }

  @Test
  void aTermWithoutRowsIsAbsentNotZero() {
    try (Bench bench = Bench.still(spec())) {
      var result = bench.take(onlyA(1));
      assertThat(result.terms()).containsOnlyKeys("aa");
      assertThat(result.total()).isEqualTo(result.terms().get("aa"));
      assertThat(ab.seen()).isEmpty();
      assertThat(bench.take(BatchOf.fresh(50, 3).build()).terms()).isEmpty();
    }
  }

  @Test
  void anObjectiveTakesTheRowsWhereBothSidesArePresent() {
    try (Bench bench = Bench.still(spec())) {
      bench.take(
          BatchOf.fresh(20, 5).with("a", random(5, 1, 1, 2)).with("b", random(5, 2, 2, 4)).build());
      assertThat(aa.last().instances()).containsExactly(20, 23, 24);
      assertThat(ab.last().instances()).containsExactly(20, 23);
    }
  }

  @Test
  void theTermIsTheMeanOverThoseRows() {
    try (Bench bench = Bench.still(spec())) {
      var result =
          bench.take(
              BatchOf.fresh(20, 4).with("a", random(4, 1, 3)).with("b", random(4, 2, 1)).build());
      float[][] queries = ab.last().sides().getFirst().queries().getFirst();
      float[][] keys = ab.last().sides().getLast().keys().getFirst();
      double sum = 0;
      for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 3; j++) {
          sum -= (double) queries[i][j] * keys[i][j];
        }
      }
      assertThat(result.terms().get("ab")).isCloseTo(sum / 2, within(1e-6));
    }
  }

  @Test
  void onlyPresentRowsAreEnqueued() {
    try (Bench bench = Bench.still(spec())) {
      bench.take(
          BatchOf.fresh(20, 4).with("a", random(4, 1, 3)).with("b", random(4, 2, 0, 1)).build());
      assertThat(bench.queue("a", "self").filledInstances()).containsExactly(20, 21, 22);
      assertThat(bench.queue("b", "common").filledInstances()).containsExactly(22, 23);
      bench.take(onlyA(4));
      assertThat(bench.queue("b", "common").filledInstances()).containsExactly(22, 23);
    }
  }

  /// The encoder of `b` is never a query here, and its head for keys moves by momentum alone; the
  /// head of `a` into the common space is what a step without `b` must leave alone.
  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adamw"})
  void aParameterThatNoTermReachedIsLeftAloneBitForBit(String rule) {
    Map<String, ?> optimizer = rule.equals("sgd") ? SGD : ADAMW;
    try (Bench bench = new Bench(spec().build(), optimizer)) {
      bench.take(both(1));
      Map<String, float[]> before = bench.weights();
      float[] counts = bench.everything().get("optimizer.a.counts");
      bench.take(onlyA(2));
      Map<String, float[]> after = bench.weights();
      before.forEach(
          (name, values) -> {
            boolean reached =
                name.startsWith("query.a.backbone") || name.startsWith("query.a.heads.self");
            if (reached) {
              assertThat(after.get(name)).as(name).isNotEqualTo(values);
            } else {
              assertThat(after.get(name)).as(name).isEqualTo(values);
            }
          });
      float[] more = bench.everything().get("optimizer.a.counts");
      int untouched = 0;
      for (int i = 0; i < counts.length; i++) {
        assertThat(more[i]).isIn(counts[i], counts[i] + 1);
        untouched += more[i] == counts[i] ? 1 : 0;
      }
      assertThat(untouched).as("two weights and two biases of the head").isEqualTo(4);
    }
  }

  /// With the rows of `b` far away (no gradient reaches the backbone through the head of a step
  /// that lacks them), the skipped head must go on exactly where it stood: as if the step without
  /// it had never been.
  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adamw"})
  void aParameterThatSkippedAStepGoesOnWhereItStood(String rule) {
    Map<String, ?> optimizer = rule.equals("sgd") ? SGD : ADAMW;
    GraphSpec spec =
        GraphSpec.builder()
            .modality("a", new Vectors(LENGTH, 5))
            .modality("b", new Vectors(LENGTH, 5))
            .space("self", new SpaceConfig(3, 0))
            .objective("aa", aa, "a", "a", "self", 1)
            .objective("bb", ab, "b", "b", "self", 1)
            .queue(8)
            .momentum(1)
            .build();
    try (Bench skipping = new Bench(spec, optimizer);
        Bench straight = new Bench(spec, optimizer)) {
      skipping.take(both(1));
      skipping.take(onlyA(2));
      skipping.take(both(3));
      straight.take(both(1));
      straight.take(both(3));
      Map<String, float[]> expected = straight.weights();
      skipping
          .weights()
          .forEach(
              (name, values) -> {
                if (name.contains(".b.")) {
                  assertThat(values).as(name).isEqualTo(expected.get(name));
                }
              });
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSinglePresentRowOfABatchNormalisedEncoderCountsAsAbsent(boolean inTheHead) {
    Vectors a = new Vectors(LENGTH, 5);
    GraphSpec.Builder spec =
        GraphSpec.builder()
            .modality("a", inTheHead ? a : a.batchNormalised())
            .modality("b", new Vectors(LENGTH, 5))
            .space(
                "common",
                inTheHead
                    ? new SpaceConfig(3, 4, Norm.BATCH, java.util.Optional.empty())
                    : new SpaceConfig(3, 4))
            .objective("ab", ab, "a", "b", "common", 1)
            .objective("aa", aa, "a", "a", "common", 1)
            .queue(8);
    try (Bench bench = new Bench(spec.build(), SGD)) {
      bench.take(both(1));
      Map<String, float[]> before = bench.weights();
      var result =
          bench.take(
              BatchOf.fresh(30, 3).with("a", random(3, 3, 0, 2)).with("b", random(3, 4)).build());
      assertThat(result.terms()).isEmpty();
      assertThat(bench.queue("a", "common").filledInstances()).doesNotContain(31);
      Map<String, float[]> after = bench.weights();
      before.forEach(
          (name, values) -> {
            assertThat(after.get(name)).as(name).doesNotContain(Float.NaN);
            if (name.startsWith("query.a.")) {
              assertThat(after.get(name)).as(name).isEqualTo(values);
            }
          });
    }
  }
}
