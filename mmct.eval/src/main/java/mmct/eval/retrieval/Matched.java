package mmct.eval.retrieval;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mmct.api.data.Dataset;
import mmct.api.spi.EvaluationContext.Features;

/// The items of all instances that have both modalities, in the dataset's order.
///
/// Samples of one id are one instance, as everywhere in the toolkit: a manifest may list a picture
/// once for each of its captions.
///
/// @param ids per instance its id
/// @param queries the items of the one modality
/// @param keys the items of the other
record Matched(List<String> ids, Items queries, Items keys) {

  /// Brings the items of two modalities together.
  static Matched of(Dataset dataset, Features queries, Features keys) {
    Set<String> both = ids(dataset, queries);
    both.retainAll(ids(dataset, keys));
    Map<String, Integer> instances = new HashMap<>();
    both.forEach(id -> instances.put(id, instances.size()));
    return new Matched(
        List.copyOf(both),
        Items.group(queries, owners(dataset, queries, instances), both.size()),
        Items.group(keys, owners(dataset, keys, instances), both.size()));
  }

  private static Set<String> ids(Dataset dataset, Features features) {
    Set<String> ids = new LinkedHashSet<>();
    for (int sample : features.samples()) {
      ids.add(dataset.id(sample));
    }
    return ids;
  }

  private static int[] owners(Dataset dataset, Features features, Map<String, Integer> instances) {
    return Arrays.stream(features.samples())
        .map(sample -> instances.getOrDefault(dataset.id(sample), -1))
        .toArray();
  }

  /// The number of instances.
  int count() {
    return ids.size();
  }

  /// The instances `from` (inclusive) to `to` (exclusive).
  Matched range(int from, int to) {
    return new Matched(ids.subList(from, to), queries.range(from, to), keys.range(from, to));
  }
}
