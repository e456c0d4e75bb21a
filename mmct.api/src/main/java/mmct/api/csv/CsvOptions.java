package mmct.api.csv;

import java.util.List;
import java.util.Optional;
import mmct.api.config.Setting;
import mmct.api.data.WrittenText;

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
        String listSeparator,
    @Setting(
            value =
                "Words that stand for no value, as a whole value or an entry of a list, besides"
                    + " white space; [] where there are none.",
            byDefault = "[nan, NaN, NaT, <NA>, None, 'null', 'NULL']")
        List<String> missing) {
  /// Checks the separators, copies the list.
  public CsvOptions {
    missing = List.copyOf(missing);
    requireSeparator("separator", separator);
    requireSeparator("listSeparator", listSeparator);
  }

  /// The options of a plain manifest.
  public static CsvOptions standard() {
    return new CsvOptions(
        Optional.empty(), Optional.empty(), Optional.empty(), 0, ",", ";", WrittenText.NOTHING);
  }

  private static void requireSeparator(String key, String value) {
    if (value.length() != 1 || "\"\r\n".contains(value) || Character.isSurrogate(value.charAt(0))) {
      throw new IllegalArgumentException(
          "%s must be one character other than a quote and the ends of lines but was '%s'"
              .formatted(key, value));
    }
  }
}
