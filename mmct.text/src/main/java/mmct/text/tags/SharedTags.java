package mmct.text.tags;

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
    TagIndex index = new TagIndex(rows);
    return queries.stream().map(tags -> index.sharing(tags, needed)).toList();
  }
}
