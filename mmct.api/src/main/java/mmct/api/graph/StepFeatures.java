package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.graph.Encoder.Encoded;

/// The features of one part of a batch, by modality and view. One forward pass of each encoder
/// serves every objective.
///
/// @param queries by modality, per view †, from the query encoders and with gradient
/// @param parts the keys of all parts of the batch
/// @param part which of the parts the queries belong to
public record StepFeatures(
    Map<String, List<ViewFeatures>> queries, List<PartKeys> parts, int part) {
  /// One part of a batch with its keys.
  ///
  /// @param batch its rows
  /// @param views by modality, per view ⋆, from the momentum encoders and without gradient
  public record PartKeys(Batch batch, Map<String, List<ViewFeatures>> views) {
    /// The first key view of a modality; empty where no row has one.
    Optional<ViewFeatures> first(String modality) {
      return views.getOrDefault(modality, List.of()).stream().findFirst();
    }
  }

  /// The rows that the queries are of.
  public Batch batch() {
    return parts.get(part).batch();
  }

  /// Query features of some rows in one space: a view each, `[n, d]`, the first of which all rows
  /// have; of the others, rows without hold zeros.
  List<NDArray> queries(String modality, String space, int views, int[] rows) {
    List<ViewFeatures> all = queries.getOrDefault(modality, List.of());
    List<NDArray> chosen = new ArrayList<>();
    for (int v = 0; v < views; v++) {
      chosen.add(
          v == 0
              ? all.getFirst().select(space, rows)
              : v < all.size()
                  ? all.get(v).selectOrZero(space, rows)
                  : chosen.getFirst().zerosLike());
    }
    return chosen;
  }

  /// For each query view after the first, which of the rows have it, boolean `[n]`.
  List<NDArray> presence(String modality, int views, int[] rows, NDManager manager) {
    List<ViewFeatures> all = queries.getOrDefault(modality, List.of());
    List<NDArray> presence = new ArrayList<>();
    for (int v = 1; v < views; v++) {
      presence.add(
          v < all.size()
              ? all.get(v).presence(rows, manager).toType(DataType.BOOLEAN, false).reshape(-1)
              : manager.zeros(new Shape(rows.length), DataType.BOOLEAN));
    }
    return presence;
  }

  /// The backbone's features of some rows' first query view, `[n, w]`.
  NDArray backbone(String modality, int[] rows) {
    return queries.getOrDefault(modality, List.of()).getFirst().selectBackbone(rows);
  }

  /// Key features of some rows in one space, all of which have all these views: `[n, d]` each.
  List<NDArray> keys(String modality, String space, int views, int[] rows) {
    return parts.get(part).views().getOrDefault(modality, List.of()).stream()
        .limit(views)
        .map(view -> view.select(space, rows))
        .toList();
  }

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
      // Any row will do for one that is not there, since it is multiplied by zero.
      long[] places = Arrays.stream(places(wanted)).map(place -> Math.max(0, place)).toArray();
      NDArray chosen = all.get(new NDIndex("{}", manager.create(places))); // [n, d]
      return chosen.mul(presence(wanted, manager));
    }

    /// Which of the wanted rows have this view, as ones and zeros `[n, 1]`.
    NDArray presence(int[] wanted, NDManager manager) {
      long[] places = places(wanted);
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
      long[] places = places(wanted);
      if (Arrays.stream(places).anyMatch(place -> place < 0)) {
        throw new IllegalArgumentException(
            "of the rows %s only %s have this view"
                .formatted(Arrays.toString(wanted), Arrays.toString(rows)));
      }
      return all.get(new NDIndex("{}", all.getManager().create(places)));
    }

    /// Where each of the wanted rows stands among those that have this view; −1 where it has not.
    private long[] places(int[] wanted) {
      Map<Integer, Integer> place = new HashMap<>();
      for (int i = 0; i < rows.length; i++) {
        place.put(rows[i], i);
      }
      return Arrays.stream(wanted).mapToLong(row -> place.getOrDefault(row, -1)).toArray();
    }
  }
}
