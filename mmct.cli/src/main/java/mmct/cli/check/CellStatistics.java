package mmct.cli.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mmct.api.data.Cell;

/// Counts over the cells of one modality.
final class CellStatistics {
  private static final int SHOWN = 10;

  /// More different strings than this are not a vocabulary, and not worth the memory.
  private static final int MOST_FREQUENCIES = 200_000;

  private final Histogram stringsPerCell = new Histogram();
  private final Histogram wordsPerString = new Histogram();
  private final Histogram numbersPerCell = new Histogram();
  private final Map<String, Integer> frequencies = new HashMap<>();
  private int cells;
  private long strings;

  void add(Cell cell) {
    cells++;
    switch (cell) {
      case Cell.Strings strings -> add(strings.values());
      case Cell.Numbers numbers -> numbersPerCell.add(numbers.values().length);
      case Cell.File file -> {}
      case Cell.Bytes bytes -> {}
      case Cell.ByteGrid grid -> {}
    }
  }

  private void add(List<String> values) {
    stringsPerCell.add(values.size());
    strings += values.size();
    for (String value : values) {
      wordsPerString.add(words(value));
      if (frequencies.size() < MOST_FREQUENCIES || frequencies.containsKey(value)) {
        frequencies.merge(value, 1, Integer::sum);
      }
    }
  }

  /// Words by white space, so that a script without spaces counts as one.
  private static int words(String text) {
    String stripped = text.strip();
    return stripped.isEmpty() ? 0 : stripped.split("\\s+").length;
  }

  int cells() {
    return cells;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (!stringsPerCell.isEmpty()) {
      lines.add("strings per sample: " + stringsPerCell.describe());
      lines.add("words per string: " + wordsPerString.describe());
      lines.add(frequent());
    }
    if (!numbersPerCell.isEmpty()) {
      lines.add("numbers per sample: " + numbersPerCell.describe());
    }
    return lines;
  }

  /// Strings that hardly ever come twice are no vocabulary, and their frequencies say nothing.
  private String frequent() {
    String count = "%d different strings".formatted(frequencies.size());
    return frequencies.size() * 2L > strings ? count : count + ", most often: " + mostFrequent();
  }

  private String mostFrequent() {
    return frequencies.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(SHOWN)
        .map(entry -> "%s %d".formatted(shortened(entry.getKey()), entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String shortened(String text) {
    return text.length() <= 32 ? text : text.substring(0, 31) + "…";
  }
}
