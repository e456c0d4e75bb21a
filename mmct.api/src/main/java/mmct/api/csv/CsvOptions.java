package mmct.api.csv;

import java.util.Optional;
import mmct.api.config.Setting;

/// How a manifest is read.
public record CsvOptions(
    @Setting(
            "Column of the samples' ids; without it `id`, else the first file that a row names,"
                + " else `row N`.")
        Optional<String> id,
    @Setting(
            "Column of the splits' names; without it `split`, and where that is missing too every"
                + " row belongs to `train`.")
        Optional<String> split,
    @Setting("Column of the classes; without it `label`, else `class`.") Optional<String> label,
    @Setting(
            value =
                "Share of the rows that become the split `val`, by a hash of their ids; only for"
                    + " a manifest without a column of splits.",
            byDefault = "0",
            min = 0,
            below = 1)
        double validation,
    @Setting(value = "The character between two columns.", byDefault = "','") String separator,
    @Setting(value = "The character between the entries of a list.", byDefault = "';'")
        String listSeparator) {
  /// Checks the separators.
  public CsvOptions {
    requireSeparator("separator", separator);
    requireSeparator("listSeparator", listSeparator);
  }

  /// The options of a plain manifest.
  public static CsvOptions standard() {
    return new CsvOptions(Optional.empty(), Optional.empty(), Optional.empty(), 0, ",", ";");
  }

  private static void requireSeparator(String key, String value) {
    if (value.length() != 1 || "\"\r\n".contains(value) || Character.isSurrogate(value.charAt(0))) {
      throw new IllegalArgumentException(
          "%s must be one character other than a quote and the ends of lines but was '%s'"
              .formatted(key, value));
    }
  }
}
