package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Which candidates are masked for which queries, in one part of a batch. Objectives mostly compare
/// the same rows with the same instances, whatever the modality and the space; a mask is then made,
/// and brought to the device, once for all of them.
final class Masks {
  private final NDManager manager;
  private final List<Mask> made = new ArrayList<>();
  private final List<Among> amongRows = new ArrayList<>();

  /// A mask, and what it was made from.
  ///
  /// @param bits by query, length n; not to be changed
  /// @param array the same as booleans `[n, k]`; empty where no bit is set
  record Mask(
      Candidates candidates,
      int[] queryRows,
      boolean sameInstance,
      List<BitSet> bits,
      Optional<NDArray> array) {
    private boolean fits(Candidates others, int[] rows, boolean same) {
      return same == sameInstance
          && Arrays.equals(rows, queryRows)
          && Arrays.equals(others.instances(), candidates.instances())
          && others.own().from() == candidates.own().from()
          && Arrays.equals(others.own().batchRows(), candidates.own().batchRows());
    }
  }

  /// Which rows of some rows of the part are of one instance.
  ///
  /// @param array boolean `[n, n]`; empty where all instances differ
  private record Among(int[] rows, Optional<NDArray> array) {}

  /// No masks yet.
  ///
  /// @param manager owns their arrays
  Masks(NDManager manager) {
    this.manager = manager;
  }

  /// The mask of some queries of the part.
  ///
  /// @param queryRows their rows in the part, length n
  /// @param queryInstances their instances, length n
  /// @param sameInstance whether candidates of a query's instance are masked
  Mask of(Candidates candidates, int[] queryRows, long[] queryInstances, boolean sameInstance) {
    for (Mask mask : made) {
      if (mask.fits(candidates, queryRows, sameInstance)) {
        return mask;
      }
    }
    List<BitSet> bits = candidates.masked(queryRows, queryInstances, sameInstance);
    Mask mask =
        new Mask(candidates, queryRows, sameInstance, bits, candidates.toArray(bits, manager));
    made.add(mask);
    return mask;
  }

  /// Which other rows are of a row's own instance, boolean `[n, n]` without the diagonal; empty
  /// where there is none.
  ///
  /// @param rows in the part, length n
  /// @param instances of these rows, length n
  Optional<NDArray> among(int[] rows, long[] instances) {
    for (Among known : amongRows) {
      if (Arrays.equals(rows, known.rows())) {
        return known.array();
      }
    }
    Among among = new Among(rows, sameInstance(instances));
    amongRows.add(among);
    return among.array();
  }

  private Optional<NDArray> sameInstance(long[] instances) {
    int n = instances.length;
    if (Arrays.stream(instances).distinct().count() == n) {
      return Optional.empty();
    }
    boolean[] same = new boolean[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        same[i * n + j] = i != j && instances[i] == instances[j];
      }
    }
    return Optional.of(manager.create(same, new Shape(n, n)));
  }
}
