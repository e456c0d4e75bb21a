package mmct.text.wordpiece;

/// The classes of code points that BERT's tokenizer distinguishes.
final class CharacterClasses {
  private CharacterClasses() {}

  /// Removes what BERT removes, makes all white space one blank and puts blanks around ideographs.
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            codePoint -> {
              if (isWhitespace(codePoint)) {
                clean.append(' ');
              } else if (isIdeograph(codePoint)) {
                clean.append(' ').appendCodePoint(codePoint).append(' ');
              } else if (!isRemoved(codePoint)) {
                clean.appendCodePoint(codePoint);
              }
            });
    return clean.toString();
  }

  /// The blank, tab, line feed and carriage return, and every separator of Unicode.
  static boolean isWhitespace(int codePoint) {
    if (codePoint < 0x80) {
      return codePoint == ' ' || codePoint == '\t' || codePoint == '\n' || codePoint == '\r';
    }
    return Character.isSpaceChar(codePoint);
  }

  /// NUL, the replacement character, and the categories C*: control, format, surrogate, private
  /// use, unassigned. White space has been dealt with before.
  static boolean isRemoved(int codePoint) {
    if (codePoint < 0x80) {
      return codePoint < 0x20 || codePoint == 0x7f;
    }
    return codePoint == 0xfffd
        || switch (Character.getType(codePoint)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED ->
              true;
          default -> false;
        };
  }

  /// The ideographs of the blocks that BERT lists, which has neither kana nor hangul.
  static boolean isIdeograph(int codePoint) {
    return (codePoint >= 0x4e00 && codePoint <= 0x9fff)
        || (codePoint >= 0x3400 && codePoint <= 0x4dbf)
        || (codePoint >= 0x20000 && codePoint <= 0x2a6df)
        || (codePoint >= 0x2a700 && codePoint <= 0x2b73f)
        || (codePoint >= 0x2b740 && codePoint <= 0x2b81f)
        || (codePoint >= 0x2b820 && codePoint <= 0x2ceaf)
        || (codePoint >= 0xf900 && codePoint <= 0xfaff)
        || (codePoint >= 0x2f800 && codePoint <= 0x2fa1f);
  }

  /// All printable ASCII that is neither letter nor digit, `$` and `^` included, and Unicode's P*.
  static boolean isPunctuation(int codePoint) {
    if (codePoint < 0x80) {
      return (codePoint >= '!' && codePoint <= '/')
          || (codePoint >= ':' && codePoint <= '@')
          || (codePoint >= '[' && codePoint <= '`')
          || (codePoint >= '{' && codePoint <= '~');
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /// Unicode's M*: non-spacing, spacing and enclosing marks.
  static boolean isMark(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }
}
