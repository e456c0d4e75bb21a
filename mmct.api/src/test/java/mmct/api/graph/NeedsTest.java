package mmct.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import mmct.api.graph.Probe.Seen;
import mmct.api.graph.Probe.Side;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.LossState;
import mmct.api.spi.Needs;
import mmct.api.spi.Needs.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever a loss declares arrives, in the right shape and of the right rows.
class NeedsTest {
  private static final int LENGTH = 4;
  private static final int WIDTH = 3;
  private static final Map<String, ?> SGD =
      Map.of("type", "sgd", "lr", 0.1, "momentum", 0, "weightDecay", 0);

  private static GraphSpec.Builder spec() {
    return GraphSpec.builder()
        .modality("a", new Vectors(LENGTH, 5))
        .modality("b", new Vectors(LENGTH, 6))
        .modality("c", new Vectors(LENGTH, 7))
        .space("s", new SpaceConfig(WIDTH, 0))
        .queue(8);
  }

  private static LossOutput pull(LossInput input) {
    return LossOutput.of(input.query().sum(new int[] {1}));
  }

  private static float[][] random(int rows, long seed, int... missing) {
    return BatchOf.random(rows, LENGTH, seed, missing);
  }

  @Test
  void severalViewsOfEachSideArrive() {
    Needs needs =
        new Needs(
            new Needs.Pair(
                new Needs.Side(3, 1, Queue.NONE, true),
                new Needs.Side(0, 2, Queue.OPTIONAL, false),
                false),
            List.of(),
            List.of());
    Probe probe = new Probe(needs, NeedsTest::pull);
    try (Bench bench = Bench.still(spec().objective("o", probe, "a", "b", "s", 1))) {
      assertThat(bench.graph().plan().modalities().get("a").queries()).isEqualTo(3);
      assertThat(bench.graph().plan().modalities().get("a").keys()).isEqualTo(1);
      assertThat(bench.graph().plan().modalities().get("b").queries()).isZero();
      assertThat(bench.graph().plan().modalities().get("b").keys()).isEqualTo(2);
      bench.take(
          BatchOf.fresh(10, 4)
              .with(
                  "a",
                  BatchOf.views(random(4, 1), random(4, 2, 1), random(4, 3, 1, 3)),
                  BatchOf.views(random(4, 4)))
              .with("b", BatchOf.views(), BatchOf.views(random(4, 5), random(4, 6, 0)))
              .build());
      Seen seen = probe.last();
      assertThat(seen.instances()).as("row 0 lacks a key view").containsExactly(11, 12, 13);
      Side query = seen.sides().getFirst();
      Side key = seen.sides().getLast();
      assertThat(query.queries()).hasSize(3).allMatch(view -> view.length == 3);
      assertThat(query.present())
          .containsExactly(new boolean[] {false, true, true}, new boolean[] {false, true, false});
      assertThat(norm(query.queries().get(1)[0])).isZero();
      assertThat(norm(query.queries().get(2)[0])).isZero();
      assertThat(norm(query.queries().get(2)[2])).isZero();
      assertThat(norm(query.queries().get(2)[1])).isCloseTo(1, within(1e-5));
      assertThat(query.keys()).hasSize(1).allMatch(view -> view.length == 3);
      assertThat(query.backbone().orElseThrow()).hasDimensions(3, 5);
      assertThat(key.queries()).isEmpty();
      assertThat(key.keys()).hasSize(2).allMatch(view -> view.length == 3);
      assertThat(key.backbone()).isEmpty();
    }
  }

  private static double norm(float[] row) {
    double sum = 0;
    for (float value : row) {
      sum += value * value;
    }
    return sum;
  }

  @Test
  void aViewThatNoRowHasIsZeros() {
    Needs needs =
        new Needs(
            new Needs.Pair(
                new Needs.Side(2, 0, Queue.NONE, false), Needs.Side.key(Queue.NONE), false),
            List.of(),
            List.of());
    Probe probe = new Probe(needs, NeedsTest::pull);
    try (Bench bench = Bench.still(spec().objective("o", probe, "a", "a", "s", 1))) {
      bench.take(
          BatchOf.fresh(10, 2)
              .with(
                  "a", BatchOf.views(random(2, 1), random(2, 2, 0, 1)), BatchOf.views(random(2, 3)))
              .build());
      Side query = probe.last().sides().getFirst();
      assertThat(query.queries().get(1)).isDeepEqualTo(new float[2][WIDTH]);
      assertThat(query.present()).containsExactly(new boolean[] {false, false});
    }
  }

  @Test
  void aViewThatOneRowHasIsThatRowsAlone() {
    Needs needs =
        new Needs(
            new Needs.Pair(
                new Needs.Side(2, 0, Queue.NONE, false), Needs.Side.key(Queue.NONE), false),
            List.of(),
            List.of());
    Probe probe = new Probe(needs, NeedsTest::pull);
    float[][] first = random(3, 1);
    float[][] second = {null, first[1], null};
    try (Bench bench = Bench.still(spec().objective("o", probe, "a", "a", "s", 1))) {
      bench.take(
          BatchOf.fresh(10, 3)
              .with("a", BatchOf.views(first, second), BatchOf.views(random(3, 2, 0)))
              .build());
      Side query = probe.last().sides().getFirst();
      assertThat(query.queries().get(1)[0])
          .containsExactly(query.queries().get(0)[0], within(1e-6f));
      assertThat(norm(query.queries().get(1)[1])).isZero();
    }
  }

  @Test
  void aJointLossSeesTheSameRowsOfThreeModalities() {
    Needs needs =
        new Needs(
            new Needs.Joint(2, 4, new Needs.Side(1, 1, Queue.OPTIONAL, true)),
            List.of(),
            List.of());
    Probe probe = new Probe(needs, NeedsTest::pull);
    GraphSpec.ObjectiveSpec joint =
        new GraphSpec.ObjectiveSpec(probe, List.of("c", "a", "b"), "s", 1);
    try (Bench bench = Bench.still(spec().objective("o", joint))) {
      bench.take(
          BatchOf.fresh(10, 5)
              .with("a", random(5, 1, 0))
              .with("b", random(5, 2, 2))
              .with("c", random(5, 3))
              .build());
      bench.take(
          BatchOf.instances(13, 11, 10)
              .with("a", random(3, 1))
              .with("b", random(3, 2))
              .with("c", random(3, 3, 2))
              .build());
      Seen first = probe.seen().getFirst();
      assertThat(first.instances()).containsExactly(11, 13, 14);
      assertThat(first.sides()).hasSize(3);
      for (Side side : first.sides()) {
        assertThat(side.queries().getFirst()).hasDimensions(3, WIDTH);
        assertThat(side.keys().getFirst()).hasDimensions(3, WIDTH);
        assertThat(side.present()).isEmpty();
      }
      assertThat(first.sides().stream().map(side -> side.backbone().orElseThrow()[0].length))
          .as("in the configured order")
          .containsExactly(7, 5, 6);
      assertThat(probe.last().instances()).containsExactly(13, 11);
      assertThat(probe.last().sides().stream().map(side -> side.queue().orElseThrow().length))
          .as("each modality's own queue")
          .containsExactly(5, 4, 4);
    }
  }

  @Test
  void everyQueueOfAJointLossIsMaskedByItself() {
    List<List<boolean[]>> masked = new java.util.ArrayList<>();
    Needs needs =
        new Needs(
            new Needs.Joint(2, 2, new Needs.Side(1, 1, Queue.REQUIRED, false)),
            List.of(),
            List.of());
    Probe probe =
        new Probe(
            needs,
            input -> {
              masked.add(
                  input.sides().stream()
                      .map(
                          side -> side.masked().map(NDArray::toBooleanArray).orElse(new boolean[0]))
                      .toList());
              return pull(input);
            });
    GraphSpec.ObjectiveSpec joint = new GraphSpec.ObjectiveSpec(probe, List.of("a", "b"), "s", 1);
    try (Bench bench = Bench.still(spec().objective("o", joint))) {
      bench.take(BatchOf.fresh(10, 3).with("a", random(3, 1)).with("b", random(3, 2, 1)).build());
      bench.take(BatchOf.instances(11).with("a", random(1, 1)).with("b", random(1, 2)).build());
      assertThat(masked.getLast().getFirst()).containsExactly(false, true, false);
      assertThat(masked.getLast().getLast()).as("11 is not in the queue of b").isEmpty();
    }
  }

  @Test
  void oneModalityAloneMayHaveSeveralViewsCompared() {
    Needs needs =
        new Needs(
            new Needs.Joint(1, 3, new Needs.Side(3, 0, Queue.NONE, false)), List.of(), List.of());
    Probe probe = new Probe(needs, NeedsTest::pull);
    GraphSpec.ObjectiveSpec alone = new GraphSpec.ObjectiveSpec(probe, List.of("a"), "s", 1);
    try (Bench bench = Bench.still(spec().objective("o", alone))) {
      bench.take(
          BatchOf.fresh(10, 2)
              .with("a", BatchOf.views(random(2, 1), random(2, 2), random(2, 3)), BatchOf.views())
              .build());
      assertThat(probe.last().sides()).hasSize(1);
      assertThat(probe.last().sides().getFirst().queries()).hasSize(3);
      assertThat(bench.graph().momentumEncoders()).isEmpty();
    }
  }

  @Test
  void aLossSeesStepEpochAndInstances() {
    Probe probe = Probe.pair();
    try (Bench bench = Bench.still(spec().objective("o", probe, "a", "a", "s", 1))) {
      bench.take(BatchOf.instances(5, 900).with("a", random(2, 1)).build());
      bench.take(BatchOf.instances(6, 900).with("a", random(2, 1)).build());
      assertThat(probe.last().instances()).containsExactly(6, 900);
      assertThat(probe.last().step()).isEqualTo(1);
      assertThat(probe.last().epoch()).isEqualTo(0.1);
    }
  }

  private static Probe remembering(Function<LossInput, LossOutput> value) {
    return new Probe(
        Needs.pair()
            .parameters(
                LossParameter.scalar("scale", 2),
                new LossParameter("prototypes", new Shape(4, WIDTH), 0.5, 0.1))
            .state(
                new LossState("centre", new Shape(WIDTH), 0.25, false),
                new LossState("count", new Shape(), 1, false),
                new LossState("trace", new Shape(2), 7, true)),
        value);
  }

  @Test
  void parametersOfALossAreTrained() {
    Probe probe =
        remembering(
            input -> {
              NDArray scaled =
                  input
                      .query()
                      .matMul(input.parameter("prototypes").transpose())
                      .sum(new int[] {1});
              return LossOutput.of(scaled.mul(input.parameter("scale")));
            });
    try (Bench bench = new Bench(spec().objective("o", probe, "a", "a", "s", 1).build(), SGD)) {
      Weights weights = bench.graph().objectives().getFirst().weights();
      assertThat(weights.arrays()).containsOnlyKeys("scale", "prototypes");
      assertThat(weights.slots().stream().filter(Weights.Slot::decays).map(Weights.Slot::name))
          .as("a lone value is not pulled towards zero")
          .containsExactly("prototypes");
      bench.take(BatchOf.fresh(0, 2).with("a", random(2, 1)).build());
      Seen seen = probe.last();
      assertThat(seen.parameters().get("scale")).containsExactly(2f);
      float[] prototypes = seen.parameters().get("prototypes");
      assertThat(prototypes).hasSize(12).doesNotContain(0.5f);
      float[][] q = seen.sides().getFirst().queries().getFirst();
      double gradient = 0;
      for (int c = 0; c < 4; c++) {
        for (int d = 0; d < WIDTH; d++) {
          double mean = (q[0][d] + q[1][d]) / 2;
          gradient += mean * prototypes[WIDTH * c + d];
          assertThat((double) weights.arrays().get("prototypes").toFloatArray()[WIDTH * c + d])
              .isCloseTo(prototypes[WIDTH * c + d] - 0.1 * 2 * mean, within(1e-5));
        }
      }
      assertThat((double) weights.arrays().get("scale").getFloat())
          .isCloseTo(2 - 0.1 * gradient, within(1e-5));
    }
  }

  /// Uses its state for the gradient and then replaces it, as a running mean does.
  private static LossOutput replacing(LossInput input) {
    NDArray value = input.query().mul(input.state("centre")).sum(new int[] {1});
    NDArray each = value.mul(input.state("trace").get(":, 0"));
    return LossOutput.of(each)
        .with("centre", input.state("centre").add(1))
        .with("count", input.state("count").add(1))
        .with("trace", input.query().get(":, :2"));
  }

  @Test
  void stateIsHandedInAndKept() {
    Probe probe = remembering(NeedsTest::replacing);
    try (Bench bench = new Bench(spec().objective("o", probe, "a", "a", "s", 1).build(), SGD)) {
      bench.take(BatchOf.instances(3, 8).with("a", random(2, 1)).build());
      assertThat(probe.last().state().get("centre")).containsExactly(0.25f, 0.25f, 0.25f);
      assertThat(probe.last().state().get("count")).containsExactly(1f);
      assertThat(probe.last().state().get("trace")).containsExactly(7f, 7f, 7f, 7f);
      float[][] queries = probe.last().sides().getFirst().queries().getFirst();
      bench.take(BatchOf.instances(8, 4, 3).with("a", random(3, 2)).build());
      assertThat(probe.last().state().get("centre")).containsExactly(1.25f, 1.25f, 1.25f);
      assertThat(probe.last().state().get("count")).containsExactly(2f);
      assertThat(probe.last().state().get("trace"))
          .as("rows of 8, 4 and 3")
          .containsExactly(queries[1][0], queries[1][1], 7f, 7f, queries[0][0], queries[0][1]);
    }
  }

  @Test
  void aParameterMayBeAsWideAsTheSpace() {
    Probe probe =
        new Probe(
            Needs.pair()
                .parameters(
                    new LossParameter("prototypes", new Shape(4, LossParameter.WIDTH), 0.5, 0)),
            NeedsTest::pull);
    try (Bench bench = Bench.still(spec().objective("o", probe, "a", "a", "s", 1))) {
      assertThat(
              bench.graph().objectives().getFirst().weights().arrays().get("prototypes").getShape())
          .isEqualTo(new Shape(4, WIDTH));
      bench.take(BatchOf.fresh(3, 2).with("a", random(2, 1)).build());
      assertThat(probe.last().parameters().get("prototypes")).hasSize(4 * WIDTH).containsOnly(0.5f);
    }
  }

  /// Authors' codes subtract the gradient and then bring rows to length 1.
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.4})
  void directionsHaveLengthOneAndTurnAsFastAsTheirGradientSays(double decay) {
    Probe probe =
        new Probe(
            Needs.pair().parameters(LossParameter.directions("prototypes", 4)),
            input ->
                LossOutput.of(
                    input
                        .query()
                        .matMul(input.parameter("prototypes").transpose())
                        .sum(new int[] {1})));
    Map<String, ?> sgd = Map.of("type", "sgd", "lr", 0.1, "momentum", 0, "weightDecay", decay);
    try (Bench bench = new Bench(spec().objective("o", probe, "a", "a", "s", 1).build(), sgd)) {
      NDArray prototypes =
          bench.graph().objectives().getFirst().weights().arrays().get("prototypes");
      float[] before = prototypes.toFloatArray();
      bench.take(BatchOf.fresh(0, 2).with("a", random(2, 1)).build());
      float[][] q = probe.last().sides().getFirst().queries().getFirst();
      float[] after = prototypes.toFloatArray();
      for (int c = 0; c < 4; c++) {
        double[] expected = new double[WIDTH];
        double length = 0;
        double first = 0;
        for (int d = 0; d < WIDTH; d++) {
          double mean = (q[0][d] + q[1][d]) / 2;
          double old = before[WIDTH * c + d];
          expected[d] = old - 0.1 * (mean + decay * old);
          length += expected[d] * expected[d];
          first += old * old;
        }
        assertThat(first).isCloseTo(1, within(1e-6));
        for (int d = 0; d < WIDTH; d++) {
          assertThat((double) after[WIDTH * c + d])
              .isCloseTo(expected[d] / Math.sqrt(length), within(1e-6));
        }
      }
    }
  }

  @Test
  void directionsAreRowsOfAMatrix() {
    assertThatThrownBy(
            () -> new LossParameter("centre", new Shape(4), 0, 1, LossParameter.Kind.DIRECTIONS))
        .hasMessage("directions are the rows of a matrix but 'centre' has the shape (4)");
  }

  /// Of several rows of one instance the last one's state is kept, on every machine.
  @Test
  void theStateOfAnInstanceThatComesTwiceIsThatOfItsLastRow() {
    Probe probe = remembering(input -> pull(input).with("trace", input.query().get(":, :2")));
    try (Bench bench = Bench.still(spec().objective("o", probe, "a", "a", "s", 1))) {
      bench.take(BatchOf.instances(3, 8, 3, 8, 3).with("a", random(5, 1)).build());
      float[][] queries = probe.last().sides().getFirst().queries().getFirst();
      bench.take(BatchOf.instances(3, 8).with("a", random(2, 2)).build());
      assertThat(probe.last().state().get("trace"))
          .containsExactly(queries[4][0], queries[4][1], queries[3][0], queries[3][1]);
    }
  }

  @Test
  void otherRowsOfARowsInstanceAreToldUnlessTheyAreNotMasked() {
    for (boolean masks : new boolean[] {true, false}) {
      List<Optional<boolean[]>> seen = new ArrayList<>();
      Probe probe =
          new Probe(
              Needs.pair(),
              input -> {
                seen.add(input.sameInstance().map(NDArray::toBooleanArray));
                return pull(input);
              });
      try (Bench bench =
          Bench.still(spec().maskSameInstance(masks).objective("o", probe, "a", "a", "s", 1))) {
        bench.take(BatchOf.instances(3, 8, 3).with("a", random(3, 1)).build());
        bench.take(BatchOf.instances(3, 8, 4).with("a", random(3, 1)).build());
        assertThat(seen.getLast()).as("all differ").isEmpty();
        if (masks) {
          assertThat(seen.getFirst().orElseThrow())
              .containsExactly(false, false, true, false, false, false, true, false, false);
        } else {
          assertThat(seen.getFirst()).isEmpty();
        }
      }
    }
  }

  @Test
  void whatALossDoesNotReturnStays() {
    Probe probe = remembering(NeedsTest::pull);
    try (Bench bench = Bench.still(spec().objective("o", probe, "a", "a", "s", 1))) {
      bench.take(BatchOf.fresh(3, 2).with("a", random(2, 1)).build());
      bench.take(BatchOf.fresh(3, 2).with("a", random(2, 1)).build());
      assertThat(probe.last().state().get("count")).containsExactly(1f);
      assertThat(probe.last().state().get("trace")).containsOnly(7f);
    }
  }

  @Test
  void parametersAndStateAreInTheCheckpoint() {
    Function<LossInput, LossOutput> value =
        input -> {
          LossOutput output = replacing(input);
          NDArray scaled = output.value().mul(input.parameter("scale"));
          return new LossOutput(scaled, output.state());
        };
    GraphSpec spec = spec().objective("o", remembering(value), "a", "a", "s", 1).build();
    Batch batch = BatchOf.instances(3, 8).with("a", random(2, 1)).build();
    try (Bench trained = new Bench(spec, SGD);
        Bench restored = new Bench(spec, SGD);
        NDManager scope = NDManager.newBaseManager()) {
      trained.take(batch);
      assertThat(trained.graph().state(scope))
          .containsKeys("loss.o.scale", "loss.o.prototypes", "state.o.centre", "state.o.count");
      assertThat(trained.graph().state(scope).get("state.o.trace").getShape())
          .as("a row per training sample")
          .isEqualTo(new Shape(1000, 2));
      restored.restore(trained);
      Map<String, float[]> expected = trained.everything();
      Map<String, float[]> actual = restored.everything();
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      expected.forEach((name, values) -> assertThat(actual.get(name)).as(name).isEqualTo(values));
    }
  }

  @Test
  void aStateThatHasLeftTheNumbersCanBeOverwritten() {
    Probe probe =
        new Probe(
            Needs.pair().state(new LossState("most", new Shape(), Double.POSITIVE_INFINITY, false)),
            input -> pull(input).with("most", input.manager().create(3f)));
    try (Bench bench = Bench.still(spec().objective("o", probe, "a", "a", "s", 1))) {
      bench.take(BatchOf.fresh(0, 2).with("a", random(2, 1)).build());
      bench.take(BatchOf.fresh(0, 2).with("a", random(2, 1)).build());
      assertThat(probe.last().state().get("most")).containsExactly(3f);
    }
  }

  @Test
  void needsThatCannotBeMetAreRefusedWhereTheyAreWritten() {
    assertThatThrownBy(() -> new Needs.Side(0, 0, Queue.NONE, false))
        .hasMessageContaining("at least one view");
    assertThatThrownBy(() -> new Needs.Side(1, 0, Queue.OPTIONAL, false))
        .hasMessageContaining("a queue is of keys");
    assertThatThrownBy(() -> new Needs.Side(0, 1, Queue.NONE, true))
        .hasMessageContaining("query view");
  }
}
