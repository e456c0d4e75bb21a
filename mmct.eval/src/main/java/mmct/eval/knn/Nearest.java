package mmct.eval.knn;

import java.util.Arrays;

/// The largest of many values, found with a heap of as many as are wanted.
final class Nearest {
  private Nearest() {}

  /// The `wanted` largest of `count` values from `offset` on, in descending order.
  static float[] of(float[] values, int offset, int count, int wanted) {
    float[] heap = Arrays.copyOfRange(values, offset, offset + wanted);
    for (int i = wanted / 2 - 1; i >= 0; i--) {
      sink(heap, i);
    }
    for (int i = offset + wanted; i < offset + count; i++) {
      if (values[i] > heap[0]) {
        heap[0] = values[i];
        sink(heap, 0);
      }
    }
    Arrays.sort(heap);
    for (int i = 0; i < wanted / 2; i++) {
      float moved = heap[i];
      heap[i] = heap[wanted - 1 - i];
      heap[wanted - 1 - i] = moved;
    }
    return heap;
  }

  /// Moves an entry down until none below it is smaller.
  private static void sink(float[] heap, int from) {
    int at = from;
    float value = heap[at];
    while (2 * at + 1 < heap.length) {
      int below = 2 * at + 1;
      if (below + 1 < heap.length && heap[below + 1] < heap[below]) {
        below++;
      }
      if (heap[below] >= value) {
        break;
      }
      heap[at] = heap[below];
      at = below;
    }
    heap[at] = value;
  }
}
