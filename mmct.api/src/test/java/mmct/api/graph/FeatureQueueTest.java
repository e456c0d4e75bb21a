package mmct.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import mmct.api.MmctException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The ring of earlier keys. A key of instance `i` is the row `[i, i]`, so that a row tells whose
/// it is.
class FeatureQueueTest {
  private static final int WIDTH = 2;

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  private FeatureQueue queue(int capacity, String... rules) {
    return new FeatureQueue(capacity, WIDTH, Set.of(rules), manager);
  }

  private void enqueue(FeatureQueue queue, long... instances) {
    queue.enqueue(keys(instances), instances, Map.of());
  }

  private NDArray keys(long... instances) {
    float[] values = new float[instances.length * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = instances[i / WIDTH];
    }
    return manager.create(values, new Shape(instances.length, WIDTH));
  }

  /// The instances as the rows and as the queue's own account tell them, which must agree.
  private static long[] content(FeatureQueue queue) {
    float[] values = queue.values();
    long[] rows = new long[values.length / WIDTH];
    for (int i = 0; i < rows.length; i++) {
      assertThat(values[WIDTH * i + 1]).isEqualTo(values[WIDTH * i]);
      rows[i] = (long) values[WIDTH * i];
    }
    assertThat(queue.filledInstances()).containsExactly(rows);
    assertThat(queue.filled()).isEqualTo(rows.length);
    return rows;
  }

  @Test
  void onlyRowsThatHoldAKeyTakePart() {
    FeatureQueue queue = queue(4);
    assertThat(content(queue)).isEmpty();
    enqueue(queue, 1, 2);
    assertThat(content(queue)).containsExactly(1, 2);
    assertThat(queue.capacity()).isEqualTo(4);
    assertThat(queue.bytes()).isEqualTo(4 * WIDTH * 4);
  }

  @Test
  void theOldestRowIsOverwrittenFirst() {
    FeatureQueue queue = queue(3);
    enqueue(queue, 1, 2, 3);
    enqueue(queue, 4);
    assertThat(content(queue)).containsExactly(4, 2, 3);
    enqueue(queue, 5);
    assertThat(content(queue)).containsExactly(4, 5, 3);
  }

  @Test
  void aBatchWrapsAroundTheEnd() {
    FeatureQueue queue = queue(5);
    enqueue(queue, 1, 2, 3, 4);
    enqueue(queue, 5, 6, 7);
    assertThat(content(queue)).containsExactly(6, 7, 3, 4, 5);
  }

  @Test
  void ofABatchLargerThanTheQueueTheLastRowsStay() {
    FeatureQueue queue = queue(3);
    enqueue(queue, 1);
    enqueue(queue, 2, 3, 4, 5, 6, 7, 8);
    assertThat(content(queue)).containsExactlyInAnyOrder(6, 7, 8);
    enqueue(queue, 9);
    assertThat(content(queue)).as("row 6 was the oldest").containsExactlyInAnyOrder(9, 7, 8);
  }

  @Test
  void aQueueOfOneRowHoldsTheLastKey() {
    FeatureQueue queue = queue(1);
    enqueue(queue, 1);
    enqueue(queue, 2, 3);
    assertThat(content(queue)).containsExactly(3);
  }

  @Test
  void enqueuingNothingChangesNothing() {
    FeatureQueue queue = queue(3);
    enqueue(queue);
    assertThat(content(queue)).isEmpty();
    enqueue(queue, 1, 2);
    enqueue(queue);
    enqueue(queue, 3);
    assertThat(content(queue)).containsExactly(1, 2, 3);
  }

  @Test
  void anyBatchSizeWorksWithAnyQueueLength() {
    SplittableRandom random = new SplittableRandom(5);
    for (int capacity = 1; capacity <= 9; capacity++) {
      FeatureQueue queue = queue(capacity);
      Deque<Long> newest = new ArrayDeque<>();
      long next = 0;
      for (int round = 0; round < 12; round++) {
        long from = next;
        long[] batch = LongStream.range(from, from + random.nextInt(12)).toArray();
        next += batch.length;
        enqueue(queue, batch);
        Arrays.stream(batch).forEach(newest::add);
        while (newest.size() > capacity) {
          newest.remove();
        }
        assertThat(content(queue))
            .as("queue of %d after a batch of %d", capacity, batch.length)
            .containsExactlyInAnyOrder(newest.stream().mapToLong(i -> i).toArray());
      }
    }
  }

  @Test
  void marksStandBesideTheirRows() {
    FeatureQueue queue = queue(3, "alike");
    remember(queue, new long[] {1, 2}, new int[] {7, 8}, null);
    remember(queue, new long[] {3, 4}, new int[] {9}, new int[] {});
    assertThat(content(queue)).containsExactly(4, 2, 3);
    assertThat(queue.filledMarks("alike")).containsExactly(new int[0], new int[0], new int[] {9});
  }

  private void remember(FeatureQueue queue, long[] instances, int @Nullable []... marks) {
    queue.enqueue(keys(instances), instances, Map.of("alike", Arrays.asList(marks)));
  }

  @Test
  void aRestoredQueueGoesOnAsIfNothingHadHappened() {
    for (int filled : List.of(0, 2, 4, 7)) {
      FeatureQueue original = queue(4, "alike");
      for (int i = 1; i <= filled; i++) {
        remember(original, new long[] {i}, i % 2 == 0 ? null : new int[] {i, 10 + i});
      }
      FeatureQueue restored = queue(4, "alike");
      remember(restored, new long[] {91, 92, 93}, new int[] {1}, new int[] {2}, new int[] {3});
      restored.restore(original.state(manager), "");
      for (FeatureQueue each : List.of(original, restored)) {
        remember(each, new long[] {50, 51}, new int[] {5}, null);
      }
      assertThat(content(restored)).containsExactly(content(original));
      assertThat(restored.filledMarks("alike"))
          .containsExactlyElementsOf(original.filledMarks("alike"));
    }
  }

  @Test
  void theStateOfAnotherLengthIsRefused() {
    FeatureQueue full = queue(4);
    enqueue(full, 1, 2, 3, 4, 5);
    for (int other : List.of(2, 8)) {
      assertThatThrownBy(() -> queue(other).restore(full.state(manager), ""))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("queue")
          .hasMessageContaining("4")
          .hasMessageContaining(Integer.toString(other));
    }
  }

  @Test
  void aLongerQueueTakesOverOneThatWasNotFullYet() {
    FeatureQueue begun = queue(4);
    enqueue(begun, 1, 2);
    FeatureQueue longer = queue(8);
    longer.restore(begun.state(manager), "");
    enqueue(longer, 3);
    assertThat(content(longer)).containsExactly(1, 2, 3);
  }

  @Test
  void aRandomStartIsUnitRowsOfNobody() {
    FeatureQueue queue = new FeatureQueue(50, 8, Set.of("alike"), manager);
    queue.fillRandomly();
    float[] values = queue.values();
    assertThat(queue.filled()).isEqualTo(50);
    for (int i = 0; i < 50; i++) {
      double norm = 0;
      for (int j = 0; j < 8; j++) {
        norm += values[8 * i + j] * values[8 * i + j];
      }
      assertThat(norm).isCloseTo(1, within(1e-5));
    }
    assertThat(queue.filledInstances()).containsOnly(FeatureQueue.NOBODY);
    assertThat(queue.filledMarks("alike")).allMatch(mark -> mark.length == 0);
  }
}
