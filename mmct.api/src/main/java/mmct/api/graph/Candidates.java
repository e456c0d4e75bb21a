package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a query is compared with besides its own key: filled queue rows, and the other keys of the
/// batch where the objective takes them.
///
/// @param rows `[k, d]`
/// @param instances of each row, length k
/// @param marks of each row, length k; empty where the objective has no rule
/// @param batchRows for the last rows of `rows`, which row of the batch each is; empty where the
///     batch's keys are not candidates
record Candidates(NDArray rows, long[] instances, List<int[]> marks, int[] batchRows) {
  /// Candidates from a queue alone.
  static Candidates queued(NDArray rows, long[] instances, List<int[]> marks) {
    return new Candidates(rows, instances, marks, new int[0]);
  }

  /// These candidates and the keys of the batch.
  ///
  /// @param keys `[p, d]`
  /// @param keyRows which row of the batch each key is, length p
  /// @param owners the keys' instances, length p
  /// @param keyMarks the keys' marks, length p; empty where the objective has no rule
  Candidates and(NDArray keys, int[] keyRows, long[] owners, List<int[]> keyMarks) {
    long[] all = Arrays.copyOf(instances, instances.length + owners.length);
    System.arraycopy(owners, 0, all, instances.length, owners.length);
    List<int[]> allMarks = new ArrayList<>(marks);
    allMarks.addAll(keyMarks);
    NDArray joined = rows.concat(keys, 0); // [k + p, d]
    return new Candidates(joined, all, allMarks, keyRows);
  }

  /// The number of candidates k.
  int count() {
    return instances.length;
  }

  /// Which candidates take no part for which query.
  ///
  /// @param queryRows the queries' rows in the batch, length n
  /// @param queryInstances the queries' instances, length n
  /// @param sameInstance whether candidates of the query's instance are masked; a query's own key
  ///     always is, for it is the positive
  List<BitSet> masked(int[] queryRows, long[] queryInstances, boolean sameInstance) {
    Map<Long, List<Integer>> queriesOf = new HashMap<>();
    List<BitSet> masked = new ArrayList<>();
    for (int i = 0; i < queryRows.length; i++) {
      queriesOf.computeIfAbsent(queryInstances[i], key -> new ArrayList<>()).add(i);
      masked.add(new BitSet(count()));
    }
    if (sameInstance) {
      for (int j = 0; j < count(); j++) {
        for (int i : queriesOf.getOrDefault(instances[j], List.of())) {
          masked.get(i).set(j);
        }
      }
    }
    int queued = count() - batchRows.length;
    for (int i = 0; i < queryRows.length; i++) {
      int own = Arrays.binarySearch(batchRows, queryRows[i]);
      if (own >= 0) {
        masked.get(i).set(queued + own);
      }
    }
    return masked;
  }

  /// Bit sets as a boolean array `[n, k]`; empty where no bit is set.
  static Optional<NDArray> toArray(List<BitSet> bits, int columns, NDManager manager) {
    if (bits.stream().allMatch(BitSet::isEmpty)) {
      return Optional.empty();
    }
    ByteBuffer cells = manager.allocateDirect(Math.multiplyExact(bits.size(), columns));
    for (int i = 0; i < bits.size(); i++) {
      int row = i * columns;
      bits.get(i).stream().forEach(j -> cells.put(row + j, (byte) 1));
    }
    cells.rewind();
    return Optional.of(manager.create(cells, new Shape(bits.size(), columns), DataType.BOOLEAN));
  }
}
