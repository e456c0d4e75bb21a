package mmct.text.wordpiece;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// BERT's tokenizer: words by [BasicTokenizer], then each word greedily into the longest tokens of
/// a vocabulary from left to right (Wu et al. 2016, section 4.1). Instances are immutable.
public final class WordPieceTokenizer {
  /// A word of more code points becomes one unknown token, as in the reference implementation.
  private static final int MAX_WORD = 100;

  private final Vocabulary vocabulary;
  private final boolean lowercase;
  private final BasicTokenizer basic;
  private final TokenTrie trie;
  private final int unknown;
  private final int start;
  private final int end;

  /// Creates a tokenizer.
  ///
  /// @param lowercase whether the vocabulary is of lower-case words without accents (`uncased`)
  public WordPieceTokenizer(Vocabulary vocabulary, boolean lowercase) {
    this.vocabulary = vocabulary;
    this.lowercase = lowercase;
    basic = new BasicTokenizer(lowercase);
    trie = new TokenTrie(vocabulary.tokens());
    unknown = vocabulary.id(Vocabulary.UNKNOWN);
    start = vocabulary.id(Vocabulary.START);
    end = vocabulary.id(Vocabulary.END);
  }

  /// The vocabulary.
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /// Whether letters become lower case and lose their accents.
  public boolean lowercase() {
    return lowercase;
  }

  /// The tokens of a text, without the special ones at its ends.
  public List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Pieces pieces = new Pieces(64);
    for (String word : basic.words(text)) {
      pieces.clear();
      cut(word, pieces);
      for (int i = 0; i < pieces.size; i++) {
        tokens.add(vocabulary.tokens().get((int) pieces.ids[i]));
      }
    }
    return tokens;
  }

  /// The ids of a text between `[CLS]` and `[SEP]`, cut after `maxLength` ids in all.
  ///
  /// @param maxLength at least 2
  public long[] ids(String text, int maxLength) {
    Pieces pieces = new Pieces(64);
    pieces.add(start);
    for (String word : basic.words(text)) {
      if (pieces.size >= maxLength) {
        break;
      }
      cut(word, pieces);
    }
    pieces.size = Math.min(pieces.size, maxLength - 1);
    pieces.add(end);
    return Arrays.copyOf(pieces.ids, pieces.size);
  }

  /// Whether the vocabulary can spell a word that [BasicTokenizer] gave.
  boolean spells(String word) {
    Pieces pieces = new Pieces(64);
    cut(word, pieces);
    return pieces.ids[0] != unknown;
  }

  private void cut(String word, Pieces pieces) {
    int before = pieces.size;
    if (word.length() > MAX_WORD && word.codePointCount(0, word.length()) > MAX_WORD) {
      pieces.add(unknown);
      return;
    }
    for (int at = 0; at < word.length(); ) {
      long longest = trie.longest(word, at);
      if (longest < 0) {
        pieces.size = before;
        pieces.add(unknown);
        return;
      }
      pieces.add(longest & 0xffff_ffffL);
      at = (int) (longest >>> Integer.SIZE);
    }
  }

  /// A growing list of ids.
  private static final class Pieces {
    private long[] ids;
    private int size;

    private Pieces(int capacity) {
      ids = new long[capacity];
    }

    private void add(long id) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, size * 2);
      }
      ids[size++] = id;
    }

    private void clear() {
      size = 0;
    }
  }
}
