package mmct.api.data;

import java.util.Map;
import java.util.TreeMap;

/// The splits of a source one after the other, as one dataset.
public final class JoinedDataset implements Dataset {
  /// The splits by the number that their first sample has here; empty ones have none.
  private final TreeMap<Integer, Split> starts = new TreeMap<>();

  private final int size;

  private record Split(String name, Dataset samples) {}

  private JoinedDataset(DataSource source) {
    int at = 0;
    for (String name : source.splits()) {
      Dataset samples = source.split(name);
      if (samples.size() > 0) {
        starts.put(at, new Split(name, samples));
        at = Math.addExact(at, samples.size());
      }
    }
    size = at;
  }

  /// All splits of a source in the order in which it defines them.
  public static JoinedDataset ofAllSplits(DataSource source) {
    return new JoinedDataset(source);
  }

  /// The name of the split of a sample.
  public String splitOf(int index) {
    return starts.floorEntry(index).getValue().name();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Sample get(int index) {
    Map.Entry<Integer, Split> split = starts.floorEntry(index);
    return split.getValue().samples().get(index - split.getKey());
  }

  @Override
  public String id(int index) {
    Map.Entry<Integer, Split> split = starts.floorEntry(index);
    return split.getValue().samples().id(index - split.getKey());
  }
}
