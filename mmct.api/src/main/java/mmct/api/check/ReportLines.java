package mmct.api.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mmct.api.check.DataReport.Content;
import mmct.api.check.DataReport.Distribution;
import mmct.api.check.DataReport.Problems;
import mmct.api.check.DataReport.Split;

/// Words a report.
record ReportLines(DataReport report) {
  List<String> lines() {
    List<String> lines = new ArrayList<>(List.of(report.source()));
    report.splits().forEach((name, split) -> split(lines, name, split));
    lines.add(ids());
    if (!report.unread().isEmpty()) {
      lines.add("read by nothing: " + String.join(", ", report.unread()));
    }
    lines.add(report.passedOver().isEmpty() ? "passed over: nothing" : "passed over:");
    report.passedOver().forEach(reason -> lines.add("  " + reason));
    return lines;
  }

  private static void split(List<String> lines, String name, Split split) {
    lines.add("%s: %s".formatted(name, count(split.samples(), "sample")));
    split
        .combinations()
        .forEach(
            (modalities, samples) ->
                lines.add(
                    "  %s: %d"
                        .formatted(
                            modalities.isEmpty() ? "nothing" : String.join(" + ", modalities),
                            samples)));
    split.modalities().forEach((modality, content) -> lines.add("  " + content(modality, content)));
    split
        .rows()
        .forEach(
            (objective, rows) ->
                lines.add("  objective %s: %s".formatted(objective, count(rows, "row"))));
    problems(lines, "missing", split.missing());
    problems(lines, "broken", split.broken());
  }

  private static String content(String modality, Content content) {
    StringBuilder text = new StringBuilder();
    text.append("%s of %s".formatted(count(content.items(), "item"), modality));
    if (content.strings().count() > 0) {
      text.append("; strings per sample ").append(range(content.strings()));
    }
    if (content.lengths().count() > 0) {
      text.append("; length ").append(range(content.lengths()));
    }
    if (content.different() > 0) {
      text.append(
          "; %d different, most frequent: %s"
              .formatted(content.different(), commonest(content.commonest())));
    }
    return text.toString();
  }

  private static String range(Distribution distribution) {
    return "%d to %d (median %d)"
        .formatted(distribution.min(), distribution.max(), distribution.median());
  }

  private static String commonest(Map<String, Long> commonest) {
    return commonest.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static void problems(List<String> lines, String kind, Problems problems) {
    if (problems.total() == 0) {
      return;
    }
    lines.add("  %s: %d".formatted(kind, problems.total()));
    problems
        .first()
        .forEach(
            problem ->
                lines.add(
                    "    '%s' (%s): %s"
                        .formatted(problem.sample(), problem.modality(), problem.reason())));
    if (problems.total() > problems.first().size()) {
      lines.add("    and %d more".formatted(problems.total() - problems.first().size()));
    }
  }

  private String ids() {
    DataReport.Ids ids = report.ids();
    if (ids.repeated() == 0) {
      return "ids: %d, none twice".formatted(ids.samples());
    }
    return "ids: %d, %d of them repeated, %d in another split: %s%s"
        .formatted(
            ids.samples(),
            ids.repeated(),
            ids.acrossSplits(),
            String.join(", ", ids.first()),
            ids.repeated() > ids.first().size() ? ", ..." : "");
  }

  private static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
