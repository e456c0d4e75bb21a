package mmct.api.csv;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.Columns;
import mmct.api.data.WrittenText;

/// Which columns of a manifest mean what.
///
/// @param cells by modality name, its columns and how they are read
/// @param absent the modalities without a column
/// @param id the column of the ids
/// @param split the column of the splits
/// @param label the column of the classes
record Mapping(
    Map<String, CellColumns> cells,
    Set<String> absent,
    Optional<Integer> id,
    Optional<Integer> split,
    Optional<Integer> label) {
  /// The columns of one modality.
  ///
  /// @param columns numbers of columns, at least one
  /// @param kind how a value is read
  record CellColumns(List<Integer> columns, Columns.Kind kind) {}

  /// Finds the columns in a header.
  ///
  /// @param name the manifest's name, for messages
  static Mapping of(
      String name, List<String> header, CsvOptions options, Map<String, Columns> modalities) {
    return new Finder(name, header).find(options, modalities);
  }

  /// The columns that are worth keeping, ascending.
  List<Integer> used() {
    TreeSet<Integer> used = new TreeSet<>();
    cells.values().forEach(cell -> used.addAll(cell.columns()));
    id.ifPresent(used::add);
    label.ifPresent(used::add);
    return List.copyOf(used);
  }

  /// The names of the columns that nothing reads.
  List<String> unread(List<String> header) {
    return IntStream.range(0, header.size())
        .filter(column -> !used().contains(column))
        .filter(column -> split().filter(it -> it == column).isEmpty())
        .mapToObj(header::get)
        .toList();
  }

  /// The first column that names a file.
  Optional<Integer> firstFile() {
    return cells.values().stream()
        .filter(cell -> cell.kind() == Columns.Kind.FILE)
        .map(cell -> cell.columns().getFirst())
        .min(Comparator.naturalOrder());
  }

  /// Looks names up in a header.
  private record Finder(String name, List<String> header) {
    Mapping find(CsvOptions options, Map<String, Columns> modalities) {
      Map<String, CellColumns> cells = new LinkedHashMap<>();
      Set<String> absent = new LinkedHashSet<>();
      // In the order of their names, so that nothing depends on the map that was given.
      new TreeMap<>(modalities)
          .forEach(
              (modality, columns) -> {
                List<Integer> found = columns(modality, columns);
                if (found.isEmpty()) {
                  absent.add(modality);
                } else {
                  cells.put(modality, new CellColumns(found, columns.kind()));
                }
              });
      if (cells.isEmpty() && !modalities.isEmpty()) {
        throw new MmctException(
            "%s has no column for any of %s; it has %s, and %s%s"
                .formatted(
                    name, String.join(", ", absent), shown(), lookedFor(modalities), separated()));
      }
      return new Mapping(
          Collections.unmodifiableMap(cells),
          Collections.unmodifiableSet(absent),
          named("id", options.id(), "id"),
          named("split", options.split(), "split"),
          named("label", options.label(), "label", "class"));
    }

    private List<Integer> columns(String modality, Columns columns) {
      LinkedHashSet<Integer> found = new LinkedHashSet<>();
      for (String wanted : columns.names()) {
        List<Integer> matching = matching(wanted);
        if (matching.isEmpty() && columns.required()) {
          throw missing(wanted, "named for '" + modality + "'");
        }
        found.addAll(matching);
      }
      List<Integer> all = new ArrayList<>(found);
      return columns.kind() == Columns.Kind.STRINGS ? all : all.subList(0, Math.min(1, all.size()));
    }

    /// A name ending in `_*` stands for numbered columns, in the order of their numbers.
    private List<Integer> matching(String wanted) {
      if (!wanted.endsWith("_*")) {
        int index = wanted.isEmpty() ? -1 : header.indexOf(WrittenText.name(wanted));
        return index < 0 ? List.of() : List.of(index);
      }
      String prefix = wanted.substring(0, wanted.length() - 1);
      return IntStream.range(0, header.size())
          .boxed()
          .filter(i -> header.get(i).startsWith(prefix))
          .filter(i -> header.get(i).substring(prefix.length()).matches("[0-9]{1,9}"))
          .sorted(Comparator.comparingInt(i -> number(header.get(i), prefix)))
          .toList();
    }

    private static int number(String column, String prefix) {
      return Integer.parseInt(column.substring(prefix.length()));
    }

    private Optional<Integer> named(String key, Optional<String> wanted, String... defaults) {
      if (wanted.isPresent()) {
        int index = header.indexOf(WrittenText.name(wanted.get()));
        if (index < 0) {
          throw missing(wanted.get(), "data.options." + key);
        }
        return Optional.of(index);
      }
      for (String candidate : defaults) {
        if (header.contains(candidate)) {
          return Optional.of(header.indexOf(candidate));
        }
      }
      return Optional.empty();
    }

    private MmctException missing(String wanted, String why) {
      return new MmctException(
          "%s has no column '%s' (%s); it has %s".formatted(name, wanted, why, shown()));
    }

    private String shown() {
      return header.stream().limit(50).collect(Collectors.joining(", "));
    }

    /// A header of one name is often one that another character separates.
    private String separated() {
      return header.size() > 1
          ? ""
          : Stream.of(";", "\t", "|", ",")
              .filter(header.getFirst()::contains)
              .findFirst()
              .map(
                  it ->
                      "; the columns may be separated otherwise (--set data.options.separator='%s')"
                          .formatted(it.equals("\t") ? "\"\\t\"" : it))
              .orElse("");
    }

    private static String lookedFor(Map<String, Columns> modalities) {
      return new TreeMap<>(modalities)
          .values().stream()
              .flatMap(columns -> columns.names().stream())
              .distinct()
              .collect(Collectors.joining(", ", "looked for were ", ""));
    }
  }
}
