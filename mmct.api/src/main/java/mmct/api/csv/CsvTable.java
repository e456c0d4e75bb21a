package mmct.api.csv;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.Sample;
import mmct.api.data.WrittenText;

/// The rows of a manifest in memory, and the samples that they stand for.
final class CsvTable {
  private final Mapping mapping;
  private final CellReader reader;
  private final CompactRows rows = new CompactRows();
  private final MissingWords missing = new MissingWords();

  /// The number of a column among those that are kept, by its number in the file.
  private final Map<Integer, Integer> kept = new LinkedHashMap<>();

  CsvTable(Mapping mapping, CellReader reader) {
    this.mapping = mapping;
    this.reader = reader;
    mapping.used().forEach(column -> kept.put(column, kept.size()));
  }

  /// The words that were taken for no value.
  MissingWords missing() {
    return missing;
  }

  /// Whether a value stands for none.
  boolean isMissing(String value) {
    return reader.isMissing(value);
  }

  /// The number of rows.
  int size() {
    return rows.size();
  }

  /// Checks a row and keeps what is needed of it.
  ///
  /// @throws IllegalArgumentException where a value is not what its column says
  void add(List<String> values) {
    for (Mapping.CellColumns cell : mapping.cells().values()) {
      for (int column : cell.columns()) {
        reader.check(cell.kind(), values.get(column));
        missing.count(column, reader.missingWords(cell.kind(), values.get(column)));
      }
    }
    mapping
        .label()
        .ifPresent(
            column ->
                missing.count(
                    column, reader.missingWords(Columns.Kind.STRINGS, values.get(column))));
    mapping
        .id()
        .filter(column -> reader.isMissing(values.get(column)))
        .ifPresent(
            column -> {
              throw new IllegalArgumentException("the id is empty");
            });
    List<String> needed = new ArrayList<>(kept.size());
    kept.keySet().forEach(column -> needed.add(values.get(column)));
    rows.add(needed);
  }

  /// The id of a row.
  String id(int row) {
    Optional<String> named = mapping.id().or(mapping::firstFile).map(column -> text(row, column));
    return named
        .filter(text -> !reader.isMissing(text))
        .map(WrittenText::composed)
        .orElseGet(() -> "row " + (row + 1));
  }

  /// The sample of a row.
  Sample sample(int row) {
    Map<String, Cell> cells = new LinkedHashMap<>();
    mapping
        .cells()
        .forEach(
            (modality, cell) ->
                reader
                    .read(cell.kind(), texts(cell, column -> text(row, column)))
                    .ifPresent(content -> cells.put(modality, content)));
    Optional<String> label =
        mapping
            .label()
            .map(column -> text(row, column))
            .filter(text -> !reader.isMissing(text))
            .map(WrittenText::name);
    return new Sample(id(row), cells, label);
  }

  private static List<String> texts(Mapping.CellColumns cell, IntFunction<String> text) {
    return cell.kind() == Columns.Kind.STRINGS
        ? cell.columns().stream().map(text::apply).toList()
        : List.of(text.apply(cell.columns().getFirst()));
  }

  private String text(int row, int column) {
    return rows.get(row, kept.getOrDefault(column, 0));
  }
}
