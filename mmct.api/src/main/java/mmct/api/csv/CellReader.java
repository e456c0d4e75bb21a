package mmct.api.csv;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mmct.api.PathWords;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.NamedFile;
import mmct.api.data.WrittenText;

/// Turns the text of columns into a cell.
final class CellReader {
  private final Path folder;
  private final Pattern listSeparator;
  private final Pattern numberSeparator;
  private final Set<String> missing;

  /// @param folder what relative paths are relative to
  /// @param listSeparator the character between the entries of a list
  /// @param missing words that stand for no value
  CellReader(Path folder, String listSeparator, Collection<String> missing) {
    this.folder = folder;
    this.missing = Set.copyOf(missing);
    this.listSeparator = Pattern.compile(Pattern.quote(listSeparator));
    numberSeparator = Pattern.compile("(" + Pattern.quote(listSeparator) + "|\\s)+");
  }

  /// Whether a value stands for none: white space, or a word that means it.
  boolean isMissing(String value) {
    return WrittenText.isBlank(value) || isMissingWord(value);
  }

  private boolean isMissingWord(String value) {
    return missing.contains(WrittenText.strip(value));
  }

  /// The words of a column that stand for no value, though they could be text.
  List<String> missingWords(Columns.Kind kind, String value) {
    Stream<String> parts =
        kind == Columns.Kind.LIST ? listSeparator.splitAsStream(value) : Stream.of(value);
    return parts.filter(this::isMissingWord).map(WrittenText::strip).toList();
  }

  /// Refuses a value that its kind does not take, without looking for the file that it names.
  ///
  /// @throws IllegalArgumentException where the text is not what the kind says
  void check(Columns.Kind kind, String value) {
    if (!isMissing(value)) {
      switch (kind) {
        case FILE -> {
          Path _ = path(value);
        }
        case NUMBERS -> {
          Optional<Cell> _ = numbers(value.strip());
        }
        case STRINGS, LIST -> {} // any text is one
      }
    }
  }

  /// Reads a cell; empty where there is nothing but white space and words that mean nothing.
  ///
  /// @param values the text of the columns of one modality
  /// @throws IllegalArgumentException where the text is not what the kind says
  Optional<Cell> read(Columns.Kind kind, List<String> values) {
    String first = values.getFirst();
    return switch (kind) {
      case FILE -> isMissing(first) ? Optional.empty() : Optional.of(file(first));
      case STRINGS -> strings(values.stream().filter(value -> !isMissing(value)));
      case LIST ->
          strings(
              listSeparator
                  .splitAsStream(first)
                  .filter(entry -> !isMissing(entry))
                  .map(WrittenText::name));
      case NUMBERS -> isMissing(first) ? Optional.empty() : numbers(first.strip());
    };
  }

  private Cell file(String value) {
    return new Cell.File(NamedFile.of(folder, value));
  }

  private Path path(String value) {
    try {
      return folder.resolve(value);
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
