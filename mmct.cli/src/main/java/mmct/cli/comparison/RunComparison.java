package mmct.cli.comparison;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Runs side by side: the settings in which they differ, their figures and their last terms.
public final class RunComparison {
  private static final String ABSENT = "-";

  private final List<RunSummary> runs;
  private final List<List<String>> rows = new ArrayList<>();

  private RunComparison(List<RunSummary> runs) {
    this.runs = runs;
  }

  /// The lines of the table.
  ///
  /// @param folders run folders, at least one
  /// @throws mmct.api.MmctException where one of them holds no run
  public static List<String> lines(List<Path> folders) {
    List<String> names = names(folders);
    return new RunComparison(
            IntStream.range(0, folders.size())
                .mapToObj(i -> RunSummary.of(names.get(i), folders.get(i)))
                .toList())
        .lines();
  }

  /// The last part of a path, where it tells the runs apart.
  private static List<String> names(List<Path> folders) {
    List<String> last =
        folders.stream()
            .map(it -> String.valueOf(it.toAbsolutePath().normalize().getFileName()))
            .toList();
    return Set.copyOf(last).size() == last.size()
        ? last
        : folders.stream().map(Path::toString).toList();
  }

  private List<String> lines() {
    row("", runs.stream().map(RunSummary::name).toList());
    section("run", RunSummary::state, false);
    section("configuration, where it differs", RunSummary::configuration, true);
    section("last evaluation in training", RunSummary::training, false);
    section("results", RunSummary::results, false);
    section("results that cannot be compared", RunSummary::judged, true);
    section("last step", RunSummary::terms, false);
    return aligned();
  }

  /// Adds the rows of a section, and a heading where there are any.
  ///
  /// @param differing whether only rows are shown in which the runs differ
  private void section(
      String title, Function<RunSummary, Map<String, String>> content, boolean differing) {
    Set<String> keys = new LinkedHashSet<>();
    runs.forEach(run -> keys.addAll(content.apply(run).keySet()));
    List<List<String>> found = new ArrayList<>();
    for (String key : keys) {
      List<String> cells =
          runs.stream().map(run -> content.apply(run).getOrDefault(key, ABSENT)).toList();
      if (!differing || Set.copyOf(cells).size() > 1) {
        found.add(line("  " + key, cells));
      }
    }
    if (!found.isEmpty()) {
      row(title, List.of());
      rows.addAll(found);
    }
  }

  private void row(String key, List<String> cells) {
    rows.add(line(key, cells));
  }

  private static List<String> line(String key, List<String> cells) {
    List<String> line = new ArrayList<>(List.of(key));
    line.addAll(cells);
    return line;
  }

  /// Rows of cells, each column as wide as its widest cell; a heading is no cell.
  private List<String> aligned() {
    int[] widths =
        IntStream.rangeClosed(0, runs.size())
            .map(
                column ->
                    rows.stream()
                        .filter(row -> row.size() > 1)
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(1))
            .toArray();
    return rows.stream()
        .map(
            row ->
                IntStream.range(0, row.size())
                    .mapToObj(
                        i -> row.get(i) + " ".repeat(Math.max(0, widths[i] - row.get(i).length())))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .toList();
  }
}
