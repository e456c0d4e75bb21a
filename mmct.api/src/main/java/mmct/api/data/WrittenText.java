package mmct.api.data;

import java.text.Normalizer;
import java.util.List;

/// Text as files hold it, which people cannot tell apart by looking at it: white space that is not
/// shown, letters with accents in one piece or in two, and words that programs write for nothing.
public final class WrittenText {
  /// What pandas, NumPy, Python, SQL and JSON write where there is no value.
  public static final List<String> NOTHING =
      List.of("nan", "NaN", "NaT", "<NA>", "None", "null", "NULL");

  private WrittenText() {}

  /// Whether nothing can be seen of a text: white space of any kind, no-break and zero-width spaces
  /// and byte order marks included.
  public static boolean isBlank(String text) {
    return text.codePoints().allMatch(WrittenText::isSpace);
  }

  /// A text without what cannot be seen around it.
  public static String strip(String text) {
    int start = 0;
    while (start < text.length() && isSpace(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    int end = text.length();
    while (end > start && isSpace(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  /// A name as it is compared: without what cannot be seen around it, in Unicode's form NFC, so
  /// that `\u00e9` is one letter however it was typed.
  public static String name(String text) {
    return composed(strip(text));
  }

  /// A text in Unicode's form NFC.
  public static String composed(String text) {
    return Normalizer.isNormalized(text, Normalizer.Form.NFC)
        ? text
        : Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /// White space, and the characters that take no room: zero-width spaces and joiners, the word
  /// joiner and the byte order mark.
  public static boolean isSpace(int codePoint) {
    return Character.isWhitespace(codePoint)
        || Character.isSpaceChar(codePoint)
        || (codePoint >= 0x200b && codePoint <= 0x200f)
        || codePoint == 0x2060
        || codePoint == 0xfeff;
  }
}
