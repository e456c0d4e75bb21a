package mmct.vision.source;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mmct.api.MmctException;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;

/// A data source whose splits are known.
///
/// @param name what the source is, such as `coco photos/`, for people
/// @param datasets by the name of the split, in order
/// @param fingerprint a hash of what identifies the data
/// @param remark what is said behind the splits, such as that not all is taken
/// @param passedOver what is not taken for a sample, one sentence for each reason
public record SplitSource(
    String name,
    Map<String, Dataset> datasets,
    String fingerprint,
    String remark,
    List<String> passedOver)
    implements DataSource {
  /// Copies the map, keeping its order, and the list.
  public SplitSource {
    datasets = Collections.unmodifiableMap(new LinkedHashMap<>(datasets));
    passedOver = List.copyOf(passedOver);
  }

  /// A source that takes everything.
  public SplitSource(String name, Map<String, Dataset> datasets, String fingerprint) {
    this(name, datasets, fingerprint, "", List.of());
  }

  @Override
  public List<String> splits() {
    return List.copyOf(datasets.keySet());
  }

  @Override
  public Dataset split(String split) {
    Dataset dataset = datasets.get(split);
    if (dataset == null) {
      throw new MmctException(
          "%s has no split '%s'; splits: %s"
              .formatted(name, split, String.join(", ", datasets.keySet())));
    }
    return dataset;
  }

  @Override
  public String describe() {
    return datasets.entrySet().stream()
        .map(it -> it.getKey() + " " + it.getValue().size())
        .collect(Collectors.joining(", ", name + ": ", remark));
  }
}
