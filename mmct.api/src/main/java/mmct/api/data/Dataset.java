package mmct.api.data;

import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One split of a data source: samples by index. Implementations are safe for concurrent reads;
/// [#get] may do work (render, parse), [#id] must be cheap.
public interface Dataset {
  /// The number of samples.
  int size();

  /// The sample at an index from 0 (inclusive) to [#size] (exclusive).
  Sample get(int index);

  /// The id of the sample at an index.
  default String id(int index) {
    return get(index).id();
  }

  /// The names of the modalities that the sample at an index has, where they are known without the
  /// work of [#get]; empty where they are not.
  default Optional<Set<String>> modalities(int index) {
    return Optional.empty();
  }

  /// The cells of one modality in the order of the samples, without the samples that lack it.
  default Stream<Cell> cells(String modality) {
    return IntStream.range(0, size())
        .mapToObj(index -> get(index).cell(modality))
        .flatMap(Optional::stream);
  }
}
