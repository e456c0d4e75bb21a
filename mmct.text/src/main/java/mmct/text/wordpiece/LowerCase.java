package mmct.text.wordpiece;

/// Lower case as Python's `str.lower` makes it, in linear time.
///
/// `String.toLowerCase` asks a word iterator at every capital sigma, which takes quadratic time in
/// a text of sigmas; and the iterator's words are not the words of Unicode's rule.
final class LowerCase {
  /// Marks that Unicode lets stand inside a word (Word_Break MidLetter, MidNumLet, Single_Quote).
  private static final String INSIDE_WORDS =
      "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

  private LowerCase() {}

  /// A text in lower case. Capital I with a dot becomes i with a combining dot; a capital sigma at
  /// the end of a word becomes a final sigma.
  static String of(String text) {
    StringBuilder lower = new StringBuilder(text.length() + 16);
    int codePoint;
    for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      switch (codePoint) {
        case 'İ' -> lower.append("i\u0307");
        case 'Σ' -> lower.append(endsWord(text, i) ? 'ς' : 'σ');
        default -> lower.appendCodePoint(Character.toLowerCase(codePoint));
      }
    }
    return lower.toString();
  }

  /// Unicode's Final_Sigma: a cased letter before, none after, ignoring marks and apostrophes.
  private static boolean endsWord(String text, int sigma) {
    int before = sigma;
    while (before > 0 && isIgnored(text.codePointBefore(before))) {
      before -= Character.charCount(text.codePointBefore(before));
    }
    if (before == 0 || !isCased(text.codePointBefore(before))) {
      return false;
    }
    int after = sigma + 1;
    while (after < text.length() && isIgnored(text.codePointAt(after))) {
      after += Character.charCount(text.codePointAt(after));
    }
    return after == text.length() || !isCased(text.codePointAt(after));
  }

  private static boolean isCased(int codePoint) {
    return Character.isLowerCase(codePoint)
        || Character.isUpperCase(codePoint)
        || Character.isTitleCase(codePoint);
  }

  private static boolean isIgnored(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.FORMAT,
          Character.MODIFIER_LETTER,
          Character.MODIFIER_SYMBOL ->
          true;
      default -> INSIDE_WORDS.indexOf(codePoint) >= 0;
    };
  }
}
