package mmct.api.csv;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Counts the words that stood for no value, by column.
final class MissingWords {
  private final Map<Integer, Long> counts = new TreeMap<>();
  private final Map<Integer, Set<String>> words = new TreeMap<>();

  void count(int column, List<String> found) {
    if (!found.isEmpty()) {
      counts.merge(column, (long) found.size(), Long::sum);
      words.computeIfAbsent(column, key -> new LinkedHashSet<>()).addAll(found);
    }
  }

  /// How many there were.
  long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /// All of them in one sentence; none where there were none.
  ///
  /// @param header the names of the columns
  List<String> sentences(List<String> header) {
    List<String> sentences = new ArrayList<>();
    if (!counts.isEmpty()) {
      String columns =
          counts.entrySet().stream()
              .map(
                  it ->
                      "%d of %s (%s)"
                          .formatted(
                              it.getValue(),
                              header.get(it.getKey()),
                              String.join(", ", words.getOrDefault(it.getKey(), Set.of()))))
              .collect(Collectors.joining(", "));
      sentences.add(
          "values that are words for nothing: %s; data.options.missing says which are"
              .formatted(columns));
    }
    return sentences;
  }
}
