package mmct.text.wordpiece;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Learns a WordPiece vocabulary from word counts.
///
/// Every word starts as its characters, all but the first with `##`; the most frequent pair of
/// neighbours becomes a new token, over and over, until the vocabulary is full or no pair is as
/// frequent as asked. Schuster & Nakajima (2012, section 4) pick the pair that raises the
/// likelihood of a language model most; Google's trainer was never published, and the most
/// frequent pair is the convention of Hugging Face's `WordPieceTrainer`, followed here. Equal
/// counts are decided by the order in which the two tokens came into the vocabulary, so the same
/// counts give the same vocabulary.
public final class VocabularyTrainer {
  /// The alphabet's largest size, Hugging Face's default; rarer characters become unknown tokens.
  private static final int MAX_ALPHABET = 1000;

  private static final String CONTINUES = "##";

  private final int size;
  private final long minFrequency;
  private final Map<String, Integer> ids = new LinkedHashMap<>();
  private final List<String> tokens = new ArrayList<>();

  private VocabularyTrainer(int size, long minFrequency) {
    this.size = size;
    this.minFrequency = minFrequency;
  }

  /// Learns a vocabulary.
  ///
  /// @param size the most tokens that it may have, the special ones included
  /// @param minFrequency how often a character or a pair must occur to become a token
  public static Vocabulary train(WordCounts words, int size, long minFrequency) {
    return new VocabularyTrainer(size, minFrequency).learn(words.counts());
  }

  private Vocabulary learn(Map<String, Long> counts) {
    Vocabulary.SPECIAL.forEach(this::token);
    List<Map.Entry<String, Long>> words =
        counts.entrySet().stream()
            .filter(word -> word.getKey().codePointCount(0, word.getKey().length()) <= 100)
            .sorted(Map.Entry.comparingByKey())
            .toList();
    alphabet(words).forEach(this::token);
    PairCounts pairs = new PairCounts();
    for (Map.Entry<String, Long> word : words) {
      int[] symbols = symbols(word.getKey());
      if (symbols.length > 1) {
        pairs.add(symbols, word.getValue());
      }
    }
    while (tokens.size() < size) {
      PairCounts.Pair best = pairs.mostFrequent();
      if (best == null || best.count() < minFrequency) {
        break;
      }
      String right = tokens.get(best.right()).substring(CONTINUES.length());
      pairs.merge(best, token(tokens.get(best.left()) + right));
    }
    return Vocabulary.of(tokens, "the trained vocabulary");
  }

  private int token(String token) {
    Integer known = ids.putIfAbsent(token, tokens.size());
    if (known != null) {
      return known;
    }
    tokens.add(token);
    return tokens.size() - 1;
  }

  /// The tokens of one character, both at the start of a word and inside one. Punctuation and
  /// ideographs are words of their own and need no second form.
  private List<String> alphabet(List<Map.Entry<String, Long>> words) {
    Map<Integer, Long> frequencies = new LinkedHashMap<>();
    for (Map.Entry<String, Long> word : words) {
      word.getKey()
          .codePoints()
          .forEach(codePoint -> frequencies.merge(codePoint, word.getValue(), Long::sum));
    }
    List<Integer> kept =
        frequencies.entrySet().stream()
            .filter(entry -> entry.getValue() >= minFrequency)
            .sorted(
                Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(Math.min(MAX_ALPHABET, (size - Vocabulary.SPECIAL.size()) / 2))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    List<String> alphabet = new ArrayList<>(kept.stream().map(Character::toString).toList());
    kept.stream()
        .filter(codePoint -> !CharacterClasses.isPunctuation(codePoint))
        .filter(codePoint -> !CharacterClasses.isIdeograph(codePoint))
        .forEach(codePoint -> alphabet.add(CONTINUES + Character.toString(codePoint)));
    return alphabet;
  }

  /// A word as ids of characters; empty where one of them is not in the alphabet.
  private int[] symbols(String word) {
    int[] codePoints = word.codePoints().toArray();
    int[] symbols = new int[codePoints.length];
    for (int i = 0; i < codePoints.length; i++) {
      String character = Character.toString(codePoints[i]);
      Integer id = ids.get(i == 0 ? character : CONTINUES + character);
      if (id == null) {
        return new int[0];
      }
      symbols[i] = id;
    }
    return symbols;
  }
}
