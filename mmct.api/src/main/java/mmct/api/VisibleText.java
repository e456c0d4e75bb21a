package mmct.api;

/// Text for people's eyes: whatever a terminal or an editor would act on instead of showing it
/// stands there as its escape, such as `\u001b`. Captions, tags, headers, names of files and of
/// plugins are somebody else's words, and must not colour, overwrite or reorder what is shown.
public final class VisibleText {
  private VisibleText() {}

  /// Text of one line: line breaks are shown as escapes too, tabs stay.
  public static String line(String text) {
    return visible(text, false);
  }

  /// Text of several lines: line breaks and tabs stay.
  public static String page(String text) {
    return visible(text, true);
  }

  /// Whether a character is acted on rather than shown: controls of ASCII and Unicode, separators
  /// of lines, halves of a pair without the other, and what turns the direction of writing.
  public static boolean isActedOn(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> isDirection(codePoint);
    };
  }

  /// Embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX #9).
  private static boolean isDirection(int codePoint) {
    return (codePoint >= 0x202a && codePoint <= 0x202e)
        || (codePoint >= 0x2066 && codePoint <= 0x2069);
  }

  private static String visible(String text, boolean lineBreaksStay) {
    if (text.codePoints().noneMatch(VisibleText::isActedOn)) {
      return text;
    }
    StringBuilder visible = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      boolean stays =
          c == '\t'
              || (lineBreaksStay && (c == '\n' || (c == '\r' && text.startsWith("\n", i + 1))));
      if (stays || !isActedOn(c)) {
        visible.appendCodePoint(c);
      } else {
        visible.append("\\u%04x".formatted(c));
      }
    }
    return visible.toString();
  }
}
