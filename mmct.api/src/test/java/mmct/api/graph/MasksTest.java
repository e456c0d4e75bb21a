package mmct.api.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MasksTest {
  private static final int[] ROWS = {0, 2};
  private static final long[] INSTANCES = {7, 9};

  private final NDManager manager = NDManager.newBaseManager();
  private final Masks masks = new Masks(manager);

  @AfterEach
  void close() {
    manager.close();
  }

  private Candidates candidates(int from, int[] batchRows, long... instances) {
    return new Candidates(
        manager.zeros(new Shape(instances.length, 3)),
        instances,
        List.of(),
        new Candidates.Own(from, batchRows));
  }

  private Candidates queued(long... instances) {
    return candidates(0, new int[0], instances);
  }

  private Masks.Mask mask(Candidates candidates) {
    return masks.of(candidates, ROWS, INSTANCES, true);
  }

  @Test
  void candidatesOfTheSameInstancesHaveOneMask() {
    Masks.Mask first = mask(queued(5, 7, 9, 7));
    assertThat(first.array().orElseThrow().toBooleanArray())
        .containsExactly(false, true, false, true, false, false, true, false);
    assertThat(mask(queued(5, 7, 9, 7))).isSameAs(first);
  }

  @Test
  void whateverDecidesOnAMaskTellsMasksApart() {
    Masks.Mask first = mask(queued(5, 7, 9, 7));
    assertThat(mask(queued(5, 7, 9, 9))).isNotSameAs(first);
    assertThat(masks.of(queued(5, 7, 9, 7), new int[] {0, 1}, INSTANCES, true)).isNotSameAs(first);
    assertThat(masks.of(queued(5, 7, 9, 7), ROWS, INSTANCES, false)).isNotSameAs(first);
    Masks.Mask own = mask(candidates(2, new int[] {0, 1}, 5, 7, 9, 7));
    assertThat(own).isNotSameAs(first);
    assertThat(mask(candidates(2, new int[] {1, 2}, 5, 7, 9, 7))).isNotSameAs(own);
    assertThat(mask(candidates(1, new int[] {0, 1}, 5, 7, 9, 7))).isNotSameAs(own);
  }

  @Test
  void whereNothingIsMaskedThereIsNoArray() {
    assertThat(mask(queued(1, 2, 3)).array()).isEmpty();
  }
}
