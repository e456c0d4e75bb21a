package mmct.eval.embed;

import java.util.regex.Pattern;

/// Text as a field of a CSV file by RFC 4180. Where spreadsheets would take it for a formula and
/// run it, an apostrophe stands before it, as OWASP advises against CSV injection; a number stays
/// what it is.
final class CsvField {
  /// What spreadsheets take for the start of a formula, or pass over before one.
  private static final Pattern FORMULA =
      Pattern.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20].*", Pattern.DOTALL);

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?");

  private CsvField() {}

  static String of(String text) {
    boolean runs = FORMULA.matcher(text).matches() && !NUMBER.matcher(text).matches();
    String shown = runs ? "'" + text : text;
    boolean plain = shown.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? shown : '"' + shown.replace("\"", "\"\"") + '"';
  }
}
