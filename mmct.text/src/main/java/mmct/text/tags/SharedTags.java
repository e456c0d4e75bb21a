package mmct.text.tags;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import mmct.api.data.HostArray;
import mmct.api.data.View;
import mmct.api.spi.PositivesRule;

/// A queue row is a positive where it shares more than a number of tags with the query. The marks
/// of a row are the indices of its tags.
///
/// @param of the modality whose tags are compared
/// @param moreThan the number that the count of shared tags must exceed, at least 0, so that a row
///     without tags never is a positive
public record SharedTags(String of, double moreThan) implements PositivesRule {
  @Override
  public int[] marks(View view) {
    if (view.arrays().getFirst() instanceof HostArray.Floats(float[] values, int[] _)) {
      return IntStream.range(0, values.length).filter(i -> values[i] != 0).toArray();
    }
    throw new IllegalArgumentException("shared tags need a modality whose views are tag vectors");
  }

  @Override
  public List<BitSet> positives(List<int[]> queries, List<int[]> rows) {
    int needed = (int) Math.min(Math.floor(moreThan) + 1, Integer.MAX_VALUE);
    RowsByTag rowsByTag = RowsByTag.of(rows);
    int[] shared = new int[rows.size()];
    List<BitSet> positives = new ArrayList<>(queries.size());
    for (int[] tags : queries) {
      Arrays.fill(shared, 0);
      positives.add(rowsByTag.sharing(tags, needed, shared));
    }
    return positives;
  }

  /// Which queue rows have a tag, for all tags: the rows of tag t are
  /// `rows[starts[t]] .. rows[starts[t + 1] - 1]`.
  private record RowsByTag(int[] starts, int[] rows) {
    static RowsByTag of(List<int[]> tagsOfRows) {
      int tags = tagsOfRows.stream().flatMapToInt(Arrays::stream).max().orElse(-1) + 1;
      int[] starts = new int[tags + 1];
      for (int[] row : tagsOfRows) {
        for (int tag : row) {
          starts[tag + 1]++;
        }
      }
      Arrays.parallelPrefix(starts, Integer::sum);
      int[] next = Arrays.copyOf(starts, tags);
      int[] rows = new int[starts[tags]];
      for (int row = 0; row < tagsOfRows.size(); row++) {
        for (int tag : tagsOfRows.get(row)) {
          rows[next[tag]++] = row;
        }
      }
      return new RowsByTag(starts, rows);
    }

    /// The rows that share at least `needed` tags; `shared` is scratch space of zeros, length k.
    BitSet sharing(int[] tags, int needed, int[] shared) {
      BitSet sharing = new BitSet(shared.length);
      for (int tag : tags) {
        if (tag >= starts.length - 1) {
          break;
        }
        for (int i = starts[tag]; i < starts[tag + 1]; i++) {
          if (++shared[rows[i]] == needed) {
            sharing.set(rows[i]);
          }
        }
      }
      return sharing;
    }
  }
}
