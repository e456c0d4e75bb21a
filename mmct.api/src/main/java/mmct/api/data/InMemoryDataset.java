package mmct.api.data;

import java.util.List;

/// A dataset of samples that are already in memory.
public record InMemoryDataset(List<Sample> samples) implements Dataset {
  /// Copies the list.
  public InMemoryDataset {
    samples = List.copyOf(samples);
  }

  @Override
  public int size() {
    return samples.size();
  }

  @Override
  public Sample get(int index) {
    return samples.get(index);
  }
}
