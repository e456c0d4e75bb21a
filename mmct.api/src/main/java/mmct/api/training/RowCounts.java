package mmct.api.training;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.config.ConfigurationException;
import mmct.api.data.Dataset;
import mmct.api.graph.GraphSpec.ObjectiveSpec;

/// How many samples of a split have what each objective compares.
///
/// @param samples of the split
/// @param counts by objective; empty where the data does not tell without reading it
record RowCounts(int samples, Optional<Map<String, Integer>> counts) {
  /// Counts.
  ///
  /// @param needed by objective, the modalities that a sample must have
  static RowCounts of(Dataset split, Map<String, Set<String>> needed) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    needed.keySet().forEach(objective -> counts.put(objective, 0));
    for (int i = 0; i < split.size(); i++) {
      Optional<Set<String>> there = split.modalities(i);
      if (there.isEmpty()) {
        return new RowCounts(split.size(), Optional.empty());
      }
      needed.forEach(
          (objective, modalities) -> {
            if (there.get().containsAll(modalities)) {
              counts.merge(objective, 1, Integer::sum);
            }
          });
    }
    return new RowCounts(split.size(), Optional.of(counts));
  }

  /// Refuses an objective that no sample can serve.
  ///
  /// @param split its name
  /// @throws ConfigurationException naming the first
  void requireRows(String split, Map<String, Set<String>> needed) {
    counts
        .orElse(Map.of())
        .forEach(
            (objective, rows) -> {
              if (rows == 0) {
                throw new ConfigurationException(
                    "no sample of the split '%s' has all of %s, which the objective %s compares; leave it out (--set objectives.%s=null), or mend the columns of its modalities"
                        .formatted(
                            split,
                            String.join(", ", new LinkedHashSet<>(needed.get(objective))),
                            objective,
                            objective));
              }
            });
  }

  /// Refuses samples of one id alone: where rows of one instance are no negatives of each other,
  /// there are none, and most losses are 0.
  ///
  /// @param split its name
  /// @throws ConfigurationException naming the id
  static void requireInstances(Dataset samples, String split) {
    if (samples.size() < 2) {
      return;
    }
    for (int i = 1; i < samples.size(); i++) {
      if (!samples.id(i).equals(samples.id(0))) {
        return;
      }
    }
    throw new ConfigurationException(
        "all %d samples of the split '%s' have the id '%s', and rows of one id are no negatives of each other; give each its own id, or say --set maskSameInstance=false"
            .formatted(samples.size(), split, samples.id(0)));
  }

  /// In how many steps chance alone leaves an objective without a row once in a thousand million
  /// times; 1 where the data does not tell.
  ///
  /// @param part rows of a part of a batch
  /// @param parts of a batch
  /// @param fewest rows that a part must have
  long explained(String objective, int part, int parts, int fewest) {
    if (counts.isEmpty() || !counts.get().containsKey(objective)) {
      return 1;
    }
    double share = (double) counts.get().get(objective) / samples;
    double none = Math.pow(1 - share, part);
    double one = part * share * Math.pow(1 - share, part - 1.0);
    double without = Math.pow(fewest > 1 ? none + one : none, parts);
    if (without >= 1) {
      return Long.MAX_VALUE;
    }
    return without <= 0 ? 1 : Math.max(1, (long) Math.ceil(Math.log(1e-9) / Math.log(without)));
  }

  /// What each objective of a specification needs of a sample.
  static Map<String, Set<String>> needed(Map<String, ObjectiveSpec> objectives) {
    Map<String, Set<String>> needed = new LinkedHashMap<>();
    objectives.forEach(
        (name, objective) -> {
          if (objective.weight() > 0) {
            Set<String> modalities = new LinkedHashSet<>(List.copyOf(objective.modalities()));
            objective.positives().ifPresent(rule -> modalities.add(rule.of()));
            needed.put(name, modalities);
          }
        });
    return needed;
  }
}
