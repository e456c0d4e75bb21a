package mmct.cli.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import mmct.api.data.Sample;

/// What was found in one split; samples may be added from several threads in any order.
public final class SplitReport {
  private static final int SHOWN = 10;

  private final String split;
  private final Map<String, CellStatistics> modalities = new LinkedHashMap<>();
  private final Set<String> ids = new HashSet<>();
  private final Set<String> duplicates = new TreeSet<>();
  private final Map<Integer, List<String>> broken = new TreeMap<>();
  private final Map<String, Integer> brokenByModality = new TreeMap<>();
  private int samples;

  SplitReport(String split, Collection<String> modalities) {
    this.split = split;
    modalities.forEach(name -> this.modalities.put(name, new CellStatistics()));
  }

  synchronized void sample(int index, Sample sample) {
    samples++;
    if (!ids.add(sample.id())) {
      duplicates.add(sample.id());
    }
    modalities.forEach((name, statistics) -> sample.cell(name).ifPresent(statistics::add));
  }

  synchronized void brokenSample(int index, String reason) {
    samples++;
    note(index, reason);
  }

  synchronized void brokenCell(int index, String modality, String id, String reason) {
    brokenByModality.merge(modality, 1, Integer::sum);
    note(index, "%s of sample %s: %s".formatted(modality, id, reason));
  }

  private void note(int index, String what) {
    broken.computeIfAbsent(index, it -> new ArrayList<>()).add(what);
  }

  /// The split's name.
  public String split() {
    return split;
  }

  /// The ids of its samples.
  public Set<String> ids() {
    return Collections.unmodifiableSet(ids);
  }

  /// How many samples or cells cannot be read.
  public int brokenCount() {
    return broken.values().stream().mapToInt(List::size).sum();
  }

  /// The report in lines.
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("split %s: %d samples".formatted(split, samples));
    modalities.forEach(
        (name, statistics) -> {
          int bad = brokenByModality.getOrDefault(name, 0);
          String heading =
              "  %s: %d present, %d missing%s"
                  .formatted(
                      name,
                      statistics.cells(),
                      samples - statistics.cells(),
                      bad == 0 ? "" : ", %d broken".formatted(bad));
          lines.add(heading);
          statistics.lines().forEach(line -> lines.add("    " + line));
        });
    if (!duplicates.isEmpty()) {
      lines.add("  ids that come more than once: " + some(duplicates));
    }
    broken.values().stream()
        .flatMap(List::stream)
        .limit(SHOWN)
        .forEach(it -> lines.add("  broken: " + it));
    if (brokenCount() > SHOWN) {
      lines.add("  and %d more that are broken".formatted(brokenCount() - SHOWN));
    }
    return lines;
  }

  private static String some(Collection<String> names) {
    String first = String.join(", ", names.stream().limit(SHOWN).toList());
    return names.size() <= SHOWN
        ? "%d (%s)".formatted(names.size(), first)
        : "%d (%s, ...)".formatted(names.size(), first);
  }
}
