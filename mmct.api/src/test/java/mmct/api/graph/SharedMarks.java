package mmct.api.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import mmct.api.data.HostArray;
import mmct.api.data.View;
import mmct.api.spi.PositivesRule;

/// A positives rule for tests: at least so many marks in common, by brute force. A row's marks are
/// the places of its numbers that are not zero.
public record SharedMarks(String of, int atLeast) implements PositivesRule {
  @Override
  public int[] marks(View view) {
    float[] values = ((HostArray.Floats) view.arrays().getFirst()).values();
    return java.util.stream.IntStream.range(0, values.length).filter(i -> values[i] != 0).toArray();
  }

  @Override
  public List<BitSet> positives(List<int[]> queries, List<int[]> rows) {
    List<BitSet> all = new ArrayList<>();
    for (int[] query : queries) {
      BitSet positives = new BitSet();
      for (int j = 0; j < rows.size(); j++) {
        positives.set(j, shared(query, rows.get(j)) >= atLeast);
      }
      all.add(positives);
    }
    return all;
  }

  private static long shared(int[] a, int[] b) {
    return Arrays.stream(a).filter(i -> Arrays.stream(b).anyMatch(j -> i == j)).count();
  }
}
