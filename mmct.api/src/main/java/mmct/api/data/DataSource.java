package mmct.api.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import mmct.api.MmctException;

/// An opened place of data with its splits.
public interface DataSource {
  /// The names of the splits in the order in which the source defines them, such as `train`,
  /// `val`, `test`.
  List<String> splits();

  /// A split by name.
  ///
  /// @throws mmct.api.MmctException where there is no such split; the message lists those there are
  Dataset split(String name);

  /// A hash of what identifies the data (the manifest's bytes, the generator's settings), so that
  /// a run can tell whether it is resumed on the same data.
  String fingerprint();

  /// One line for people, such as `csv manifest.csv: train 6000, val 1000`.
  String describe();

  /// The parts of the data that nothing asked for, such as the columns of a table that no modality,
  /// evaluation or option reads; empty where there are none or the source has no such parts.
  default List<String> unread() {
    return List.of();
  }

  /// What the source has found and not taken for a sample or a value, one sentence for each reason;
  /// empty where it has taken everything.
  default List<String> passedOver() {
    return List.of();
  }

  /// Datasets that are there already, as a source.
  ///
  /// @param splits by name; a map with an order keeps it
  static DataSource of(Map<String, Dataset> splits) {
    Map<String, Dataset> ordered = Collections.unmodifiableMap(new LinkedHashMap<>(splits));
    return new DataSource() {
      @Override
      public List<String> splits() {
        return List.copyOf(ordered.keySet());
      }

      @Override
      public Dataset split(String name) {
        return Optional.ofNullable(ordered.get(name))
            .orElseThrow(
                () ->
                    new MmctException(
                        "there is no split '%s'; splits: %s"
                            .formatted(name, String.join(", ", splits()))));
      }

      @Override
      public String fingerprint() {
        return describe();
      }

      @Override
      public String describe() {
        return ordered.entrySet().stream()
            .map(split -> split.getKey() + " " + split.getValue().size())
            .collect(Collectors.joining(", ", "in memory: ", ""));
      }
    };
  }
}
