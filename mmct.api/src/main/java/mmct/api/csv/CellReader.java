package mmct.api.csv;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mmct.api.PathWords;
import mmct.api.data.Cell;
import mmct.api.data.Columns;

/// Turns the text of columns into a cell.
final class CellReader {
  private final Path folder;
  private final Pattern listSeparator;
  private final Pattern numberSeparator;

  /// @param folder what relative paths are relative to
  /// @param listSeparator the character between the entries of a list
  CellReader(Path folder, String listSeparator) {
    this.folder = folder;
    this.listSeparator = Pattern.compile(Pattern.quote(listSeparator));
    numberSeparator = Pattern.compile("(" + Pattern.quote(listSeparator) + "|\\s)+");
  }

  /// Reads a cell; empty where there is nothing but white space.
  ///
  /// @param values the text of the columns of one modality
  /// @throws IllegalArgumentException where the text is not what the kind says
  Optional<Cell> read(Columns.Kind kind, List<String> values) {
    String first = values.getFirst();
    return switch (kind) {
      case FILE -> first.isBlank() ? Optional.empty() : Optional.of(file(first));
      case STRINGS -> strings(values.stream().filter(value -> !value.isBlank()));
      case LIST ->
          strings(listSeparator.splitAsStream(first).map(String::strip).filter(s -> !s.isEmpty()));
      case NUMBERS -> first.isBlank() ? Optional.empty() : numbers(first.strip());
    };
  }

  private Cell file(String value) {
    try {
      return new Cell.File(folder.resolve(value));
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "'%s' is no path: %s".formatted(value.replace("\u0000", "\\0"), PathWords.reason(e)), e);
    }
  }

  private static Optional<Cell> strings(Stream<String> strings) {
    List<String> all = strings.toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(new Cell.Strings(all));
  }

  private Optional<Cell> numbers(String text) {
    List<String> parts =
        numberSeparator.splitAsStream(text).filter(part -> !part.isEmpty()).toList();
    float[] numbers = new float[parts.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(parts.get(i));
    }
    return numbers.length == 0
        ? Optional.empty()
        : Optional.of(new Cell.Numbers(numbers, numbers.length));
  }

  private static float number(String text) {
    try {
      float number = Float.parseFloat(text);
      if (Float.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a number", e);
    }
    throw new IllegalArgumentException("'" + text + "' is not a finite number");
  }
}
