package mmct.vision.folder;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Files and folders that are no samples, by the reason.
final class PassedOver {
  /// How many names of each reason are told.
  private static final int NAMED = 5;

  /// Why something is no sample.
  enum Reason {
    /// Its name begins with a dot or is one that systems give.
    HIDDEN("hidden or of a system"),
    /// The ending of its name is not that of a picture.
    ENDING("not pictures by their names' endings (data.options.endings)"),
    /// It is a picture beside the folders that say what pictures are.
    BESIDE("pictures beside the folders of splits or classes (data.options.layout)"),
    /// It is a device, a pipe or a link without an end.
    IRREGULAR("no files, or links that lead nowhere"),
    /// It leads back to a folder around it.
    LOOP("links back to a folder around them"),
    /// It is a folder without pictures.
    EMPTY("folders without pictures");

    private final String words;

    Reason(String words) {
      this.words = words;
    }
  }

  private final Map<Reason, Long> counts = new EnumMap<>(Reason.class);
  private final Map<Reason, List<String>> names = new EnumMap<>(Reason.class);

  void add(Reason reason, String name) {
    counts.merge(reason, 1L, Long::sum);
    List<String> first = names.computeIfAbsent(reason, key -> new ArrayList<>());
    if (first.size() < NAMED) {
      first.add(name);
    }
  }

  /// How many there are.
  long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /// One sentence for each reason, with a few names.
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    counts.forEach(
        (reason, count) -> {
          List<String> first = names.getOrDefault(reason, List.of());
          sentences.add(
              "%d %s: %s%s"
                  .formatted(
                      count,
                      reason.words,
                      String.join(", ", first),
                      count > first.size() ? ", ..." : ""));
        });
    return sentences;
  }
}
