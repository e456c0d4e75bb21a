package mmct.api.training.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;

/// Datasets for tests.
final class Samples {
  private Samples() {}

  /// Samples `s0`, `s1`, ... of two modalities `a` and `b`, each one string of its own.
  static Dataset plain(int count) {
    return new InMemoryDataset(
        IntStream.range(0, count)
            .mapToObj(i -> sample("s" + i, "a", "x".repeat(i), "b", "y".repeat(i)))
            .toList());
  }

  /// A sample of modalities and their strings in turn.
  static Sample sample(String id, String... modalitiesAndTexts) {
    Map<String, Cell> cells = new LinkedHashMap<>();
    for (int i = 0; i < modalitiesAndTexts.length; i += 2) {
      cells.put(modalitiesAndTexts[i], Cell.Strings.of(modalitiesAndTexts[i + 1]));
    }
    return new Sample(id, cells);
  }

  static Dataset of(Sample... samples) {
    return new InMemoryDataset(List.of(samples));
  }

  /// The dataset with samples put at the places given.
  static Dataset with(Dataset dataset, Map<Integer, Sample> others) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < dataset.size(); i++) {
      samples.add(others.getOrDefault(i, dataset.get(i)));
    }
    return new InMemoryDataset(samples);
  }
}
