package mmct.cli.check;

import java.util.Map;
import java.util.TreeMap;

/// How often each whole number was counted.
final class Histogram {
  private final TreeMap<Integer, Long> counts = new TreeMap<>();

  void add(int value) {
    counts.merge(value, 1L, Long::sum);
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }

  /// Smallest and largest, lower median and mean in words.
  String describe() {
    return "%d to %d, median %d, mean %.1f"
        .formatted(counts.firstKey(), counts.lastKey(), median(), mean());
  }

  private long size() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private double mean() {
    double sum =
        counts.entrySet().stream()
            .mapToDouble(entry -> (double) entry.getKey() * entry.getValue())
            .sum();
    return sum / size();
  }

  private int median() {
    long half = (size() + 1) / 2;
    long seen = 0;
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      seen += entry.getValue();
      if (seen >= half) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException("an empty histogram has no median");
  }
}
