package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mmct.api.graph.Encoder.Encoded;

/// The features of one batch, by modality and view. One forward pass of each encoder serves every
/// objective.
///
/// @param queries by modality, per view †, from the query encoders and with gradient
/// @param keys by modality, per view ⋆, from the momentum encoders and without
public record StepFeatures(
    Map<String, List<ViewFeatures>> queries, Map<String, List<ViewFeatures>> keys) {
  /// One view of those rows of the batch that have it.
  ///
  /// @param rows ascending numbers of the batch's rows, length p
  /// @param encoded features `[p, ...]`
  public record ViewFeatures(int[] rows, Encoded encoded) {
    /// The projected features of the wanted rows, all of which must be here: `[n, d]`.
    NDArray select(String space, int[] wanted) {
      return select(projection(space), wanted);
    }

    /// The backbone's features of the wanted rows: `[n, w]`.
    NDArray selectBackbone(int[] wanted) {
      return select(encoded.backbone(), wanted);
    }

    /// All projected features, `[p, d]`.
    NDArray projection(String space) {
      return encoded.projection(space);
    }

    /// The projected features of the wanted rows, zeros where a row lacks this view: `[n, d]`.
    NDArray selectOrZero(String space, int[] wanted) {
      NDArray all = projection(space);
      NDManager manager = all.getManager();
      NDArray chosen = all.get(new NDIndex("{}", manager.create(places(wanted, 0)))); // [n, d]
      return chosen.mul(presence(wanted, manager));
    }

    /// Which of the wanted rows have this view, as ones and zeros `[n, 1]`.
    NDArray presence(int[] wanted, NDManager manager) {
      long[] places = places(wanted, -1);
      float[] present = new float[places.length];
      for (int i = 0; i < places.length; i++) {
        present[i] = places[i] < 0 ? 0 : 1;
      }
      return manager.create(present).reshape(-1, 1);
    }

    private NDArray select(NDArray all, int[] wanted) {
      if (Arrays.equals(rows, wanted)) {
        return all;
      }
      return all.get(new NDIndex("{}", all.getManager().create(places(wanted, -1))));
    }

    private long[] places(int[] wanted, long absent) {
      Map<Integer, Integer> place = new HashMap<>();
      for (int i = 0; i < rows.length; i++) {
        place.put(rows[i], i);
      }
      return Arrays.stream(wanted)
          .mapToLong(row -> place.containsKey(row) ? place.get(row) : absent)
          .toArray();
    }
  }
}
