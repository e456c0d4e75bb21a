package mmct.api.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mmct.api.data.HostTensor;
import org.jspecify.annotations.Nullable;

/// The views of n samples, drawn and collated by worker threads and not yet on any device.
///
/// @param ids the samples' ids, length n
/// @param instances a stable number per sample, length n: rows of one number are one instance
/// @param modalities by modality name, its views; a modality that no row has is an absent key
/// @param marks by objective name, what its positives rule remembers of each row, length n; null
///     where the row lacks the modality that the rule looks at
public record Batch(
    List<String> ids,
    long[] instances,
    Map<String, Views> modalities,
    Map<String, List<int @Nullable []>> marks) {
  /// Copies the collections.
  public Batch {
    ids = List.copyOf(ids);
    modalities = Map.copyOf(modalities);
    marks = Map.copyOf(marks);
  }

  /// The number of rows n.
  public int size() {
    return ids.size();
  }

  /// The instances of some rows.
  long[] instances(int[] rows) {
    return Arrays.stream(rows).mapToLong(row -> instances[row]).toArray();
  }

  /// What the rules remember of some rows, by objective.
  Map<String, List<int @Nullable []>> marks(int[] rows) {
    Map<String, List<int @Nullable []>> chosen = new HashMap<>();
    marks.forEach(
        (objective, all) -> {
          List<int @Nullable []> some = new ArrayList<>();
          for (int row : rows) {
            some.add(all.get(row));
          }
          chosen.put(objective, some);
        });
    return chosen;
  }

  /// The views of one modality.
  ///
  /// @param queries one entry per view † that the graph asked for; where no row has it, the entry
  ///     has no rows
  /// @param keys one entry per view ⋆
  public record Views(List<Rows> queries, List<Rows> keys) {
    /// Copies the lists.
    public Views {
      queries = List.copyOf(queries);
      keys = List.copyOf(keys);
    }

    /// These views, without the rows of those that fewer rows have.
    Views atLeast(int fewest) {
      return new Views(atLeast(queries, fewest), atLeast(keys, fewest));
    }

    private static List<Rows> atLeast(List<Rows> views, int fewest) {
      return views.stream().map(view -> view.rows().length < fewest ? Rows.NONE : view).toList();
    }
  }

  /// One view of those rows that have it.
  ///
  /// @param rows ascending numbers of the batch's rows, length p ≤ n
  /// @param inputs the encoder's inputs, each `[p, ...]`; empty where p is 0
  public record Rows(int[] rows, List<HostTensor> inputs) {
    private static final Rows NONE = new Rows(new int[0], List.of());

    /// Copies the list.
    public Rows {
      inputs = List.copyOf(inputs);
    }
  }
}
