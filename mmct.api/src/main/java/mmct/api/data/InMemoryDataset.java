package mmct.api.data;

import java.util.List;
import java.util.Optional;
import java.util.Set;

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
  public Optional<Set<String>> modalities(int index) {
    return Optional.of(samples.get(index).cells().keySet());
  }

  @Override
  public Sample get(int index) {
    return samples.get(index);
  }
}
