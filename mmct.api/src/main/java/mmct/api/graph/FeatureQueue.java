package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mmct.api.engine.Torch;
import org.jspecify.annotations.Nullable;

/// The momentum features of earlier steps in one space of one modality: a ring of `k` rows in which
/// the oldest is overwritten. Beside each row stand its instance and what the positives rules
/// remember of it.
public final class FeatureQueue {
  private static final int[] NO_MARKS = {};

  /// The instance of a row that belongs to no sample.
  static final long NOBODY = -1;

  private final NDArray rows;
  private final int capacity;
  private final long[] instances;
  private final Map<String, int[][]> marks = new LinkedHashMap<>();
  private int next;
  private int filled;

  /// An empty queue.
  ///
  /// @param capacity k
  /// @param width d
  /// @param rules the objectives whose rules remember something of each row
  FeatureQueue(int capacity, int width, Set<String> rules, NDManager owner) {
    this.capacity = capacity;
    rows = owner.zeros(new Shape(capacity, width), DataType.FLOAT32);
    instances = new long[capacity];
    Arrays.fill(instances, NOBODY);
    for (String rule : rules) {
      int[][] none = new int[capacity][];
      Arrays.fill(none, NO_MARKS);
      marks.put(rule, none);
    }
  }

  /// Fills the queue with random unit rows that belong to no sample.
  void fillRandomly() {
    NDManager owner = rows.getManager();
    try (NDArray noise = owner.randomNormal(rows.getShape());
        NDArray unit = noise.normalize(2, 1, 1e-12)) {
      Torch.copy(unit, rows);
    }
    filled = capacity;
  }

  /// Overwrites the oldest rows; of more keys than the queue has rows the last ones stay.
  ///
  /// @param keys `[p, d]`
  /// @param owners the keys' instances, length p
  /// @param remembered by objective, the keys' marks, length p; null where a row has none
  void enqueue(NDArray keys, long[] owners, Map<String, List<int @Nullable []>> remembered) {
    int count = owners.length;
    int skipped = Math.max(0, count - capacity);
    for (int from = skipped; from < count; ) {
      int length = Math.min(count - from, capacity - next);
      try (NDManager scope = rows.getManager().newSubManager()) {
        Torch.copy(
            Torch.rows(keys, from, from + length, scope),
            Torch.rows(rows, next, next + length, scope));
      }
      System.arraycopy(owners, from, instances, next, length);
      remember(remembered, from, length);
      next = (next + length) % capacity;
      filled = Math.min(capacity, filled + length);
      from += length;
    }
  }

  private void remember(Map<String, List<int @Nullable []>> remembered, int from, int length) {
    marks.forEach(
        (rule, kept) -> {
          List<int @Nullable []> given = remembered.getOrDefault(rule, List.of());
          for (int i = 0; i < length; i++) {
            int[] mark = given.isEmpty() ? null : given.get(from + i);
            kept[next + i] = mark == null ? NO_MARKS : mark;
          }
        });
  }

  /// The filled rows, `[k, d]` with k ≤ capacity: a view, not a copy.
  NDArray filledRows(NDManager owner) {
    return Torch.rows(rows, 0, filled, owner);
  }

  /// The instances of the filled rows.
  long[] filledInstances() {
    return Arrays.copyOf(instances, filled);
  }

  /// What a rule remembers of the filled rows.
  List<int[]> filledMarks(String rule) {
    int[][] kept = marks.get(rule);
    if (kept == null) {
      throw new IllegalArgumentException("the queue keeps no marks for objective " + rule);
    }
    return Arrays.asList(kept).subList(0, filled);
  }

  /// The number of rows that hold a key.
  public int filled() {
    return filled;
  }

  /// The number of rows k.
  public int capacity() {
    return capacity;
  }

  /// The bytes that the rows take.
  public long bytes() {
    return rows.size() * Float.BYTES;
  }

  /// Everything that a checkpoint must hold, by name.
  Map<String, NDArray> state(NDManager owner) {
    Map<String, NDArray> state = new LinkedHashMap<>();
    state.put("rows", filledRows(owner));
    state.put("instances", owner.create(filledInstances()));
    state.put("next", owner.create(new long[] {next}));
    marks.forEach(
        (rule, kept) -> {
          List<int[]> current = filledMarks(rule);
          state.put(
              "marks." + rule + ".lengths",
              owner.create(current.stream().mapToLong(m -> m.length).toArray()));
          state.put(
              "marks." + rule + ".values",
              owner.create(current.stream().flatMapToInt(Arrays::stream).asLongStream().toArray()));
        });
    return state;
  }

  /// Takes over what [#state] gave.
  ///
  /// @param saved holds the state, each name behind the prefix
  /// @throws mmct.api.MmctException where something is missing or of a queue of another length
  void restore(Map<String, NDArray> saved, String prefix) {
    NDArray keys = Saved.find(saved, prefix + "rows");
    int held = Math.toIntExact(keys.getShape().get(0));
    int at = Math.toIntExact(Saved.find(saved, prefix + "next").toLongArray()[0]);
    // A queue that is not full has been filled from its first row on.
    boolean fits = held < capacity ? at == held : held == capacity && at < capacity;
    if (!fits) {
      throw Saved.mismatch(
          "'%srows' is of a queue of %d rows but this one has %d"
              .formatted(prefix, held, capacity));
    }
    filled = held;
    next = at % capacity;
    try (NDManager scope = rows.getManager().newSubManager()) {
      NDArray mine = filledRows(scope);
      Torch.copy(Saved.find(saved, prefix + "rows", mine.getShape()), mine);
    }
    long[] owners = Saved.find(saved, prefix + "instances", new Shape(held)).toLongArray();
    System.arraycopy(owners, 0, instances, 0, held);
    marks.forEach((rule, kept) -> restore(saved, prefix + "marks." + rule + ".", kept));
  }

  private void restore(Map<String, NDArray> saved, String prefix, int[][] kept) {
    long[] lengths = Saved.find(saved, prefix + "lengths", new Shape(filled)).toLongArray();
    Shape total = new Shape(Arrays.stream(lengths).sum());
    long[] values = Saved.find(saved, prefix + "values", total).toLongArray();
    int at = 0;
    for (int i = 0; i < filled; i++) {
      int end = at + Math.toIntExact(lengths[i]);
      kept[i] = Arrays.stream(values, at, end).mapToInt(Math::toIntExact).toArray();
      at = end;
    }
  }

  /// The values of the filled rows `[k, d]`, row-major.
  public float[] values() {
    try (NDManager scope = rows.getManager().newSubManager()) {
      return filledRows(scope).toFloatArray();
    }
  }
}
