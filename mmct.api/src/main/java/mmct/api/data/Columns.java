package mmct.api.data;

import java.util.List;

/// Which columns of a table, or fields of another source, hold a modality, and how to read them.
///
/// @param names the default names in order of preference. A name that ends in `_*` stands for
///     numbered columns: `note_*` is `note_1`, `note_2` and so on. With [Kind#STRINGS] all columns
///     that are there are read, each one string; with the other kinds the first that is there.
/// @param kind how a value is read
/// @param required whether a missing column is an error, since the user named it, rather than an
///     absent modality
public record Columns(List<String> names, Kind kind, boolean required) {
  /// How the value of a column becomes a [Cell].
  public enum Kind {
    /// A path, relative to the file that names it; becomes [Cell.File].
    FILE,
    /// Each column's value is one string; becomes [Cell.Strings].
    STRINGS,
    /// Strings separated by `;`; becomes [Cell.Strings].
    LIST,
    /// Numbers separated by `;` or white space; becomes [Cell.Numbers] of shape `[length]`.
    NUMBERS
  }

  /// Copies the names.
  public Columns {
    names = List.copyOf(names);
  }

  /// Columns that may be missing: a provider's defaults.
  public Columns(List<String> names, Kind kind) {
    this(names, kind, false);
  }

  /// The same kind read from the columns that the user named, which must be there.
  public Columns named(List<String> others) {
    return new Columns(others, kind, true);
  }
}
