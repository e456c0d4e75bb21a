package mmct.text.wordpiece;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/// BERT's basic tokenizer: text into words and punctuation marks, before WordPiece cuts the words.
///
/// The steps are those of the reference implementation (Devlin et al. 2019, `tokenization.py`) as
/// Hugging Face's `BertTokenizer` runs them: control characters go, every CJK ideograph stands
/// alone, letters become lower case and lose their accents (only where `lowercase`), and every
/// punctuation mark stands alone, which includes all ASCII that is neither letter nor digit.
/// Which code points are letters, marks or unassigned is what the running JDK's Unicode says.
///
/// Time and memory are linear in the text, whatever it holds.
public final class BasicTokenizer {
  private final boolean lowercase;

  /// Creates a tokenizer.
  ///
  /// @param lowercase whether letters become lower case and lose their accents (`uncased`)
  public BasicTokenizer(boolean lowercase) {
    this.lowercase = lowercase;
  }

  /// The words and punctuation marks of a text, in order.
  public List<String> words(String text) {
    String spaced = isAscii(text) ? text : CharacterClasses.clean(text);
    if (lowercase) {
      spaced = isAscii(spaced) ? spaced : withoutAccents(LowerCase.of(spaced));
    }
    return split(spaced);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /// Cuts at white space and around punctuation. ASCII text comes here as it is, so control
  /// characters are dropped and ASCII letters lowered on the way.
  private List<String> split(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int codePoint;
    for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      if (CharacterClasses.isWhitespace(codePoint)) {
        flush(word, words);
      } else if (CharacterClasses.isPunctuation(codePoint)) {
        flush(word, words);
        words.add(Character.toString(codePoint));
      } else if (!CharacterClasses.isRemoved(codePoint)) {
        word.appendCodePoint(lowercase && codePoint < 0x80 ? lower(codePoint) : codePoint);
      }
    }
    flush(word, words);
    return words;
  }

  private static int lower(int ascii) {
    return ascii >= 'A' && ascii <= 'Z' ? ascii + ('a' - 'A') : ascii;
  }

  private static void flush(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  /// Canonical decomposition without the non-spacing marks. The JDK orders a run of marks by
  /// insertion, in time quadratic in the run, so the text is decomposed in segments: they begin
  /// where a run of marks cannot be cut, unless a run is longer than any language makes it.
  private static String withoutAccents(String text) {
    StringBuilder bare = new StringBuilder(text.length());
    int end;
    for (int start = 0; start < text.length(); start = end) {
      end = segmentEnd(text, start);
      String decomposed = Normalizer.normalize(text.substring(start, end), Normalizer.Form.NFD);
      decomposed
          .codePoints()
          .filter(codePoint -> Character.getType(codePoint) != Character.NON_SPACING_MARK)
          .forEach(bare::appendCodePoint);
    }
    return bare.toString();
  }

  private static final int SEGMENT = 512;

  private static int segmentEnd(String text, int start) {
    int limit = Math.min(text.length(), start + SEGMENT);
    int end = limit;
    while (end < text.length() && end > start && !startsCharacter(text, end)) {
      end--;
    }
    if (end > start) {
      return end;
    }
    return Character.isLowSurrogate(text.charAt(limit)) ? limit + 1 : limit;
  }

  /// Whether a segment may begin here: not inside a surrogate pair and not at a mark, since only
  /// marks are reordered.
  private static boolean startsCharacter(String text, int index) {
    if (Character.isLowSurrogate(text.charAt(index))) {
      return false;
    }
    return !CharacterClasses.isMark(text.codePointAt(index));
  }
}
