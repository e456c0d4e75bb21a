package mmct.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import mmct.api.data.View;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.graph.Probe.Seen;
import mmct.api.spi.PositivesRule;
import org.junit.jupiter.api.Test;

/// What a query is compared with: queue rows and keys of the batch, without those of its own
/// instance, and which of them a rule makes positives.
class CandidatesTest {
  private static final int LENGTH = 4;

  private final Probe probe = Probe.pair();

  private GraphSpec.Builder spec(ObjectiveSpec objective) {
    return GraphSpec.builder()
        .modality("a", new Vectors(LENGTH, 5))
        .modality("b", new Vectors(LENGTH, 5))
        .modality("m", new Vectors(LENGTH, 0))
        .space("s", new SpaceConfig(3, 0))
        .objective("o", objective)
        .queue(6);
  }

  private ObjectiveSpec plain() {
    return new ObjectiveSpec(probe, List.of("a", "b"), "s", 1);
  }

  private ObjectiveSpec inBatch(boolean queued) {
    return new ObjectiveSpec(probe, List.of("a", "b"), "s", 1, Optional.empty(), true, queued);
  }

  private static BatchOf both(long... instances) {
    float[][] rows = BatchOf.random(instances.length, LENGTH, Arrays.hashCode(instances));
    return BatchOf.instances(instances).with("a", rows).with("b", rows);
  }

  @Test
  void queueRowsOfTheQuerysInstanceAreMasked() {
    try (Bench bench = Bench.still(spec(plain()))) {
      bench.take(both(1, 2, 3).build());
      bench.take(both(2, 4, 1).build());
      assertThat(probe.last().masked())
          .isDeepEqualTo(
              new boolean[][] {
                {false, true, false}, {false, false, false}, {true, false, false},
              });
    }
  }

  @Test
  void aSampleThatStandsTwiceInTheQueueOrInTheBatchIsMaskedEachTime() {
    try (Bench bench = Bench.still(spec(plain()))) {
      bench.take(both(1, 1, 2).build());
      bench.take(both(1, 3).build());
      bench.take(both(1, 1).build());
      boolean[] ofOne = {true, true, false, true, false};
      assertThat(probe.last().masked()).isDeepEqualTo(new boolean[][] {ofOne, ofOne});
    }
  }

  @Test
  void maskingCanBeSwitchedOff() {
    try (Bench bench = Bench.still(spec(plain()).maskSameInstance(false))) {
      bench.take(both(1, 2).build());
      bench.take(both(1, 2).build());
      assertThat(probe.last().queue()).hasNumberOfRows(2);
      assertThat(probe.last().masked()).isDeepEqualTo(new boolean[2][2]);
    }
  }

  @Test
  void aRandomRowIsNobodysAndNeverMasked() {
    try (Bench bench = Bench.still(spec(plain()).randomQueue(true))) {
      bench.take(both(0, 1).build());
      assertThat(probe.last().queue()).hasNumberOfRows(6);
      assertThat(probe.last().masked()).isDeepEqualTo(new boolean[2][6]);
    }
  }

  @Test
  void theQueueIsSeenWithoutTheKeysOfThisStep() {
    try (Bench bench = Bench.still(spec(plain()))) {
      bench.take(both(1, 2).build());
      assertThat(probe.last().queue()).isEmpty();
      float[][] keys = probe.last().sides().getLast().keys().getFirst();
      bench.take(both(3).build());
      assertThat(probe.last().queue()).isDeepEqualTo(keys);
    }
  }

  @Test
  void keysOfTheBatchStandBehindTheQueue() {
    try (Bench bench = Bench.still(spec(inBatch(true)))) {
      bench.take(both(1, 2).build());
      float[][] queued = probe.last().sides().getLast().keys().getFirst();
      bench.take(both(3, 4).build());
      float[][] keys = probe.last().sides().getLast().keys().getFirst();
      assertThat(probe.last().queue()).isDeepEqualTo(joined(queued, keys));
    }
  }

  @Test
  void theOwnKeyIsNoCandidateEvenWhereNothingElseIsMasked() {
    try (Bench bench = Bench.still(spec(inBatch(false)).maskSameInstance(false))) {
      bench.take(both(7, 7, 8).build());
      assertThat(bench.graph().queues()).isEmpty();
      assertThat(probe.last().masked())
          .isDeepEqualTo(
              new boolean[][] {
                {true, false, false}, {false, true, false}, {false, false, true},
              });
    }
  }

  @Test
  void otherRowsOfTheSameInstanceAreNoNegativesInTheBatch() {
    try (Bench bench = Bench.still(spec(inBatch(false)))) {
      bench.take(both(7, 7, 8).build());
      assertThat(probe.last().masked())
          .isDeepEqualTo(
              new boolean[][] {
                {true, true, false}, {true, true, false}, {false, false, true},
              });
    }
  }

  @Test
  void aRowWithoutAQueryStillGivesANegative() {
    float[][] a = BatchOf.random(4, LENGTH, 1, 2);
    float[][] b = BatchOf.random(4, LENGTH, 2, 0);
    try (Bench bench = Bench.still(spec(inBatch(false)))) {
      bench.take(BatchOf.fresh(10, 4).with("a", a).with("b", b).build());
      Seen seen = probe.last();
      assertThat(seen.instances()).as("rows with both").containsExactly(11, 13);
      assertThat(seen.queue()).as("keys of rows 1, 2 and 3").hasNumberOfRows(3);
      assertThat(seen.queue()[0]).isEqualTo(seen.sides().getLast().keys().getFirst()[0]);
      assertThat(seen.queue()[2]).isEqualTo(seen.sides().getLast().keys().getFirst()[1]);
      assertThat(seen.masked())
          .isDeepEqualTo(new boolean[][] {{true, false, false}, {false, false, true}});
    }
  }

  @Test
  void aBatchInPartsHasTheNegativesOfTheWholeBatch() {
    float[][] a = BatchOf.random(5, LENGTH, 1, 2);
    float[][] b = BatchOf.random(5, LENGTH, 2, 3);
    long[] instances = {4, 5, 6, 5, 7};
    try (Bench bench = Bench.still(spec(inBatch(true)))) {
      bench.take(both(5, 9).build());
      bench.take(BatchOf.instances(instances).with("a", a).with("b", b).build());
      Seen whole = probe.last();
      // The queue has moved on, so another graph in the same state takes the parts.
      try (Bench other = Bench.still(spec(inBatch(true)))) {
        other.take(both(5, 9).build());
        other.take(part(instances, a, b, 0, 2), part(instances, a, b, 2, 5));
        List<Seen> parts = probe.seen().subList(probe.seen().size() - 2, probe.seen().size());
        int row = 0;
        for (Seen part : parts) {
          assertThat(part.queue()).isDeepEqualTo(whole.queue());
          for (boolean[] masked : part.masked()) {
            assertThat(masked).isEqualTo(whole.masked()[row++]);
          }
        }
        assertThat(row).isEqualTo(whole.masked().length);
      }
    }
  }

  private static Batch part(long[] instances, float[][] a, float[][] b, int from, int to) {
    return BatchOf.instances(Arrays.copyOfRange(instances, from, to))
        .with("a", Arrays.copyOfRange(a, from, to))
        .with("b", Arrays.copyOfRange(b, from, to))
        .build();
  }

  @Test
  void aRuleMakesQueueRowsPositivesButNeverTheMaskedOnes() {
    ObjectiveSpec ruled = plain().positives(new SharedMarks("m", 2));
    try (Bench bench = Bench.still(spec(ruled))) {
      bench.take(
          both(1, 2, 3, 4)
              .marks("o", new int[] {1, 2, 3}, new int[] {2, 3}, new int[] {4}, null)
              .build());
      bench.take(both(1, 5).marks("o", new int[] {1, 2, 3}, new int[] {2, 3}).build());
      Seen seen = probe.last();
      assertThat(seen.masked()[0]).containsExactly(true, false, false, false);
      assertThat(seen.positives())
          .isDeepEqualTo(
              new boolean[][] {
                {false, true, false, false}, {true, true, false, false},
              });
    }
  }

  @Test
  void aRowWithoutMarksTakesNoPartButItsKeyIsEnqueued() {
    ObjectiveSpec ruled = plain().positives(new SharedMarks("m", 0));
    try (Bench bench = Bench.still(spec(ruled))) {
      bench.take(both(1, 2, 3).marks("o", new int[] {1}, null, new int[] {1}).build());
      assertThat(probe.last().instances()).containsExactly(1, 3);
      assertThat(bench.queue("b", "s").filledInstances()).containsExactly(1, 2, 3);
      bench.take(both(4).marks("o", (int[]) null).build());
      assertThat(probe.seen()).as("no row has marks").hasSize(1);
    }
  }

  @Test
  void aRuleSeesTheBatchsKeysToo() {
    ObjectiveSpec ruled =
        new ObjectiveSpec(
            probe, List.of("a", "b"), "s", 1, Optional.of(new SharedMarks("m", 1)), true, true);
    try (Bench bench = Bench.still(spec(ruled))) {
      bench.take(both(1).marks("o", new int[] {1}).build());
      bench.take(both(2, 3).marks("o", new int[] {1}, new int[] {1}).build());
      assertThat(probe.last().positives())
          .isDeepEqualTo(new boolean[][] {{true, false, true}, {true, true, false}});
    }
  }

  @Test
  void aRuleMayHandOutOneSetForSeveralQueries() {
    PositivesRule everything =
        new PositivesRule() {
          @Override
          public String of() {
            return "m";
          }

          @Override
          public int[] marks(View view) {
            throw new AssertionError("the test brings its own marks");
          }

          @Override
          public List<BitSet> positives(List<int[]> queries, List<int[]> rows) {
            BitSet all = new BitSet();
            all.set(0, rows.size());
            return new ArrayList<>(java.util.Collections.nCopies(queries.size(), all));
          }
        };
    try (Bench bench = Bench.still(spec(plain().positives(everything)))) {
      bench.take(both(1, 2).marks("o", new int[0], new int[0]).build());
      bench.take(both(1, 2).marks("o", new int[0], new int[0]).build());
      assertThat(probe.last().positives())
          .isDeepEqualTo(new boolean[][] {{false, true}, {true, false}});
    }
  }

  @Test
  void featuresHaveLengthOne() {
    try (Bench bench = Bench.still(spec(inBatch(true)))) {
      bench.take(both(1, 2, 3).build());
      for (float[] row :
          joined(probe.last().sides().getFirst().queries().getFirst(), probe.last().queue())) {
        double norm = 0;
        for (float value : row) {
          norm += value * value;
        }
        assertThat(norm).isCloseTo(1, within(1e-5));
      }
    }
  }

  private static float[][] joined(float[][] first, float[][] second) {
    float[][] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
