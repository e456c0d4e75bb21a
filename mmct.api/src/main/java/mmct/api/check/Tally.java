package mmct.api.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mmct.api.check.DataReport.Problem;
import mmct.api.check.DataReport.Problems;

/// Counts of some samples of a split, which can be added up.
final class Tally {
  /// How many examples of a problem are kept.
  static final int FIRST = 10;

  private static final int COMMONEST = 20;

  private int samples;
  private final Map<List<String>, Long> combinations = new HashMap<>();
  private final Map<String, ContentTally> modalities = new TreeMap<>();
  private final Map<String, Long> rows = new HashMap<>();
  private final ProblemTally missing = new ProblemTally();
  private final ProblemTally broken = new ProblemTally();

  /// Counts a sample.
  void sample(List<String> combination) {
    samples++;
    combinations.merge(combination, 1L, Long::sum);
  }

  /// The counts of one modality.
  ContentTally modality(String name) {
    return modalities.computeIfAbsent(name, key -> new ContentTally());
  }

  /// Counts a row of an objective.
  void row(String objective) {
    rows.merge(objective, 1L, Long::sum);
  }

  void missing(Problem problem) {
    missing.add(problem);
  }

  void broken(Problem problem) {
    broken.add(problem);
  }

  /// Adds the counts of later samples.
  void add(Tally later) {
    samples += later.samples;
    later.rows.forEach((objective, count) -> rows.merge(objective, count, Long::sum));
    later.combinations.forEach((key, count) -> combinations.merge(key, count, Long::sum));
    later.modalities.forEach((name, content) -> modality(name).add(content));
    missing.add(later.missing);
    broken.add(later.broken);
  }

  /// The counts as a report.
  ///
  /// @param objectives whose rows are counted
  DataReport.Split report(Collection<String> objectives) {
    Map<String, Long> found = new LinkedHashMap<>();
    objectives.forEach(objective -> found.put(objective, rows.getOrDefault(objective, 0L)));
    Map<String, DataReport.Content> contents = new LinkedHashMap<>();
    modalities.forEach((name, content) -> contents.put(name, content.report()));
    return new DataReport.Split(
        samples,
        mostFrequent(combinations, Comparator.comparing(List::toString), Integer.MAX_VALUE),
        contents,
        found,
        missing.report(),
        broken.report());
  }

  /// The most frequent first; of equally frequent ones, in the order given.
  private static <K> Map<K, Long> mostFrequent(
      Map<K, Long> counts, Comparator<K> order, int limit) {
    Map<K, Long> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<K, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey(order)))
        .limit(limit)
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  /// Counts of one modality.
  static final class ContentTally {
    private long samples;
    private long items;
    private final Histogram strings = new Histogram();
    private final Histogram lengths = new Histogram();
    private final Map<String, Long> frequencies = new HashMap<>();

    void sample() {
      samples++;
    }

    void items(int count) {
      items += count;
    }

    void strings(int count) {
      strings.add(count);
    }

    void length(int length) {
      lengths.add(length);
    }

    void listed(String string) {
      frequencies.merge(string, 1L, Long::sum);
    }

    private void add(ContentTally later) {
      samples += later.samples;
      items += later.items;
      strings.add(later.strings);
      lengths.add(later.lengths);
      later.frequencies.forEach((string, count) -> frequencies.merge(string, count, Long::sum));
    }

    private DataReport.Content report() {
      return new DataReport.Content(
          samples,
          items,
          strings.report(),
          lengths.report(),
          frequencies.size(),
          mostFrequent(frequencies, Comparator.naturalOrder(), COMMONEST));
    }
  }

  /// How often each number occurred.
  private static final class Histogram {
    private final TreeMap<Integer, Long> counts = new TreeMap<>();

    void add(int value) {
      counts.merge(value, 1L, Long::sum);
    }

    void add(Histogram other) {
      other.counts.forEach((value, count) -> counts.merge(value, count, Long::sum));
    }

    DataReport.Distribution report() {
      long total = counts.values().stream().mapToLong(Long::longValue).sum();
      if (total == 0) {
        return new DataReport.Distribution(0, 0, 0, 0);
      }
      long below = 0;
      int median = counts.firstKey();
      for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
        median = entry.getKey();
        below += entry.getValue();
        if (2 * below >= total) {
          break;
        }
      }
      return new DataReport.Distribution(total, counts.firstKey(), median, counts.lastKey());
    }
  }

  /// The number of problems and the first few.
  private static final class ProblemTally {
    private long total;
    private final List<Problem> first = new ArrayList<>();

    void add(Problem problem) {
      total++;
      if (first.size() < FIRST) {
        first.add(problem);
      }
    }

    void add(ProblemTally later) {
      total += later.total;
      later.first.stream().limit(Math.max(0, FIRST - first.size())).forEach(first::add);
    }

    Problems report() {
      return new Problems(total, first);
    }
  }
}
