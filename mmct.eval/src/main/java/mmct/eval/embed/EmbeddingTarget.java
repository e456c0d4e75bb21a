package mmct.eval.embed;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import mmct.api.MmctException;

/// Where the features of a dataset go.
///
/// @param out the file of the features; where there are several formats, each one's ending takes
///     the place of its own. `OUT.ids.csv` says which item each row is of
/// @param formats of the features, at least one
public record EmbeddingTarget(Path out, Set<Format> formats) {
  /// Copies the formats.
  public EmbeddingTarget {
    if (formats.isEmpty()) {
      throw new IllegalArgumentException("features need a format");
    }
    requireOwnEnding(out, formats);
    formats = Set.copyOf(formats);
  }

  /// A format of features.
  public enum Format {
    /// NumPy's, float32.
    NPY,
    /// Text, one line for each row.
    CSV;

    /// The ending of such a file's name.
    String ending() {
      return "." + name().toLowerCase(Locale.ROOT);
    }
  }

  /// A file whose ending says its format.
  ///
  /// @throws MmctException where the ending says none
  public static EmbeddingTarget named(Path out) {
    for (Format format : Format.values()) {
      if (out.toString().endsWith(format.ending())) {
        return new EmbeddingTarget(out, EnumSet.of(format));
      }
    }
    throw new MmctException(
        "the file of features must end in .npy or .csv, or its format must be named, but was "
            + out);
  }

  /// A file whose ending says one format and that holds another would be read as the wrong one.
  private static void requireOwnEnding(Path out, Set<Format> formats) {
    for (Format format : Format.values()) {
      if (out.toString().endsWith(format.ending()) && !formats.contains(format)) {
        throw new MmctException(
            "the file of features ends in %s but its format is to be %s, %s"
                .formatted(
                    format.ending(),
                    formats.stream()
                        .map(it -> it.name().toLowerCase(Locale.ROOT))
                        .sorted()
                        .collect(Collectors.joining(",")),
                    out));
      }
    }
  }

  /// The file of a format.
  public Path features(Format format) {
    if (formats.size() == 1) {
      return out;
    }
    String name = String.valueOf(out.getFileName());
    for (Format other : Format.values()) {
      if (name.endsWith(other.ending())) {
        name = name.substring(0, name.length() - other.ending().length());
      }
    }
    return out.resolveSibling(name + format.ending());
  }

  private Path beside(String ending) {
    return out.resolveSibling(out.getFileName() + ending);
  }

  /// The file that says which item each row is of.
  public Path items() {
    return beside(".ids.csv");
  }

  /// The checksums of all of these, as `sha256sum -c` reads them.
  public Path checksums() {
    return beside(".sha256");
  }

  /// What is kept while features are written, to go on from.
  Path milestone() {
    return beside(".progress");
  }

  /// All files that there will be, that of the features last, whose presence says that all is done.
  public List<Path> files() {
    List<Path> files = new ArrayList<>(List.of(items()));
    EnumSet.copyOf(formats).forEach(format -> files.add(features(format)));
    return files;
  }

  /// Refuses to write over features.
  void requireNone() {
    files().forEach(EmbeddingTarget::requireNone);
  }

  /// Refuses to write over a file.
  static void requireNone(Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new MmctException(
          "%s is there already; choose another file with --out, or delete it".formatted(file));
    }
  }
}
