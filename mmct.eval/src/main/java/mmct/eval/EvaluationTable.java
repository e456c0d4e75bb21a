package mmct.eval;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.spi.Evaluation;
import org.jspecify.annotations.Nullable;

/// The figures of an evaluation as a small table of text.
///
/// Figures of one group (their name up to the last dot) make a row and the rest of the name is the
/// column. Where the protocol has an entry `chance` that holds levels by the names of the figures,
/// the row of a group is followed by its row of chance:
///
/// ```
///            R@1  medianRank
/// a-to-b     4.6          57
///   chance   0.1         648
/// b-to-a    12.0           8
///   chance   0.1         500
/// ```
///
/// An entry `byFrequency` follows in the same way: what the answers reach that were most frequent
/// in training, whatever the sample. A model that does not exceed it has learned nothing of the
/// samples.
///
/// Where it has an entry `paper` with a `table`, the `data` and `figures` by what was trained,
/// these follow in the same way, marked as the paper's, and a line says where they are from. What
/// it has under `remarks`, such as how many ranks are tied, stands in the last lines.
public final class EvaluationTable {
  /// The protocol's key of sentences that stand below the table.
  public static final String REMARKS = "remarks";

  private static final String CHANCE = "chance";
  private static final String FREQUENCY = "byFrequency";
  private static final String PAPER = "paper";
  private static final String ABSENT = "-";

  private EvaluationTable() {}

  /// The lines of the table, names of columns first; no lines where there are no figures.
  public static List<String> lines(Evaluation evaluation) {
    List<Row> rows = rows(evaluation);
    if (rows.isEmpty()) {
      return List.of();
    }
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.cells().keySet()));
    List<List<String>> texts = new ArrayList<>();
    if (rows.stream().anyMatch(row -> !row.label().isEmpty())) {
      texts.add(aligned(Stream.concat(Stream.of(""), rows.stream().map(Row::label)).toList(), "-"));
    }
    columns.forEach(column -> texts.add(aligned(column(column, rows), "")));
    Stream<String> lines =
        IntStream.rangeClosed(0, rows.size())
            .mapToObj(line -> texts.stream().map(text -> text.get(line)).collect(joining("  ")));
    return Stream.of(lines, sources(evaluation), remarks(evaluation))
        .flatMap(some -> some)
        .toList();
  }

  private static Stream<String> remarks(Evaluation evaluation) {
    return evaluation.protocol().get(REMARKS) instanceof List<?> remarks
        ? remarks.stream().map(String::valueOf)
        : Stream.empty();
  }

  /// Where numbers that are not of this evaluation come from.
  private static Stream<String> sources(Evaluation evaluation) {
    Map<?, ?> paper = paper(evaluation);
    return paper.isEmpty()
        ? Stream.empty()
        : Stream.of("paper: its %s, %s".formatted(paper.get("table"), paper.get("data")));
  }

  private static List<Row> rows(Evaluation evaluation) {
    Map<String, Map<String, Map<String, Double>>> beside = new LinkedHashMap<>();
    beside.put(CHANCE, groups(evaluation.protocol().get(CHANCE)));
    beside.put("chance by frequency", groups(evaluation.protocol().get(FREQUENCY)));
    if (paper(evaluation).get("figures") instanceof Map<?, ?> reported) {
      reported.forEach((name, figures) -> beside.put("paper: " + name, groups(figures)));
    }
    List<Row> rows = new ArrayList<>();
    groups(evaluation.figures())
        .forEach(
            (group, cells) -> {
              rows.add(new Row(group, cells));
              beside.forEach(
                  (name, groups) -> {
                    if (groups.containsKey(group)) {
                      rows.add(new Row("  " + name, groups.getOrDefault(group, Map.of())));
                    }
                  });
            });
    return rows;
  }

  private static Map<?, ?> paper(Evaluation evaluation) {
    return evaluation.protocol().get(PAPER) instanceof Map<?, ?> paper ? paper : Map.of();
  }

  /// Figures by their names' last part, in groups by what comes before.
  private static Map<String, Map<String, Double>> groups(@Nullable Object figures) {
    Map<String, Map<String, Double>> groups = new LinkedHashMap<>();
    if (figures instanceof Map<?, ?> named) {
      named.forEach(
          (name, value) -> {
            if (name instanceof String figure && value instanceof Number number) {
              add(groups, figure, number.doubleValue());
            }
          });
    }
    return groups;
  }

  private static void add(Map<String, Map<String, Double>> groups, String name, double value) {
    int dot = name.lastIndexOf('.');
    groups
        .computeIfAbsent(name.substring(0, Math.max(dot, 0)), _ -> new LinkedHashMap<>())
        .put(name.substring(dot + 1), value);
  }

  /// The name of a column and its cells, all with the same number of decimals.
  private static List<String> column(String name, List<Row> rows) {
    double[] values =
        rows.stream()
            .flatMap(row -> Stream.ofNullable(row.cells().get(name)))
            .mapToDouble(v -> v)
            .toArray();
    String format = "%." + decimals(values) + "f";
    List<String> column = new ArrayList<>(List.of(name));
    for (Row row : rows) {
      Double value = row.cells().get(name);
      column.add(value == null ? ABSENT : String.format(Locale.ROOT, format, value));
    }
    return column;
  }

  /// None for whole numbers, else as many as show the smallest: a chance of 0.02 is not 0.0.
  private static int decimals(double... values) {
    if (Arrays.stream(values).allMatch(value -> value == Math.rint(value))) {
      return 0;
    }
    if (Arrays.stream(values).allMatch(value -> Math.abs(value) < 1)) {
      return 4;
    }
    return Arrays.stream(values).anyMatch(value -> value != 0 && Math.abs(value) < 0.1) ? 2 : 1;
  }

  /// Texts of one width; the flag `-` puts them to the left.
  private static List<String> aligned(List<String> texts, String flag) {
    int width = texts.stream().mapToInt(String::length).max().orElse(1);
    return texts.stream().map(text -> ("%" + flag + width + "s").formatted(text)).toList();
  }

  private record Row(String label, Map<String, Double> cells) {}
}
