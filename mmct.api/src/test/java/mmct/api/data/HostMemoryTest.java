package mmct.api.data;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostMemoryTest {
  private final HostMemory memory = new HostMemory();

  private HostTensor tensor(int rows) {
    return memory.use(() -> HostTensor.allocate(DataType.FLOAT32, rows, 100));
  }

  private static long address(HostTensor tensor) {
    return MemorySegment.ofBuffer(tensor.data().duplicate().clear()).address();
  }

  @Test
  void whatIsRecycledIsUsedAgainForASimilarSize() {
    HostTensor first = tensor(64);
    memory.recycle(first);
    HostTensor second = tensor(63);
    assertThat(address(second)).isEqualTo(address(first));
    assertThat(second.shape()).isEqualTo(new Shape(63, 100));
    assertThat(second.data().remaining()).isEqualTo(63 * 100 * 4);
    assertThat(second.data().order()).isEqualTo(ByteOrder.nativeOrder());
  }

  @Test
  void whatIsInUseIsNotHandedOut() {
    HostTensor first = tensor(8);
    HostTensor second = tensor(8);
    assertThat(address(second)).isNotEqualTo(address(first));
    memory.recycle(first);
    assertThat(address(tensor(80))).as("another size").isNotEqualTo(address(first));
    HostTensor outside = HostTensor.allocate(DataType.FLOAT32, 8, 100);
    assertThat(address(outside)).as("outside of use").isNotEqualTo(address(first));
  }

  @Test
  void aStackedTensorFillsRecycledMemoryWhole() {
    HostTensor first = tensor(1);
    for (int i = 0; i < 100; i++) {
      first.data().putFloat(Float.NaN);
    }
    memory.recycle(first);
    List<View> views = List.of(View.of(new float[99], 99));
    HostTensor second = memory.use(() -> HostTensor.stack(views, 0));
    assertThat(address(second)).isEqualTo(address(first));
    float[] values = new float[99];
    second.data().asFloatBuffer().get(values);
    assertThat(values).containsOnly(0);
    assertThat(second.data().remaining()).isEqualTo(99 * 4);
  }

  @Test
  void roundingUpWastesAtMostAnEighth() {
    int before = 0;
    for (int bytes = 1; bytes < 5_000_000; bytes = bytes * 17 / 16 + 1) {
      int capacity = HostMemory.capacity(bytes);
      assertThat(capacity).isBetween(bytes, bytes + Math.max(64, bytes / 8));
      assertThat(capacity).isGreaterThanOrEqualTo(before);
      before = capacity;
    }
    assertThat(HostMemory.capacity(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    assertThat(HostMemory.capacity(0)).isZero();
  }

  @Test
  void largeMemoryIsLockedOnceWhenItComesBackAndUnlockedAtTheEnd() {
    List<Long> locked = new ArrayList<>();
    List<Long> unlocked = new ArrayList<>();
    HostMemory pages =
        HostMemory.forGpu(
            memory -> locked.add(MemorySegment.ofBuffer(memory).address()),
            memory -> unlocked.add(MemorySegment.ofBuffer(memory).address()));
    try (pages) {
      HostTensor large = pages.use(() -> HostTensor.allocate(DataType.FLOAT32, 1 << 10, 1 << 8));
      HostTensor small = pages.use(() -> HostTensor.allocate(DataType.FLOAT32, 8, 8));
      assertThat(locked).as("in use for the first time").isEmpty();
      pages.recycle(large);
      pages.recycle(small);
      pages.recycle(pages.use(() -> HostTensor.allocate(DataType.FLOAT32, 1 << 10, 1 << 8)));
      assertThat(locked).containsExactly(address(large));
      assertThat(unlocked).isEmpty();
    }
    assertThat(unlocked).isEqualTo(locked);
  }

  @Test
  void memoryThatCannotBeLockedIsUsedAsItIs() {
    List<Long> unlocked = new ArrayList<>();
    try (HostMemory pages =
        HostMemory.forGpu(
            memory -> false, memory -> unlocked.add(MemorySegment.ofBuffer(memory).address()))) {
      HostTensor first = pages.use(() -> HostTensor.allocate(DataType.FLOAT32, 1 << 10, 1 << 8));
      pages.recycle(first);
      HostTensor second = pages.use(() -> HostTensor.allocate(DataType.FLOAT32, 1 << 10, 1 << 8));
      assertThat(address(second)).isEqualTo(address(first));
    }
    assertThat(unlocked).isEmpty();
  }
}
