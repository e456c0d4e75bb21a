package mmct.text.wordpiece;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/// How often each word occurs in texts.
///
/// @param counts occurrences by word, as [BasicTokenizer] gives them
/// @param texts the number of texts
public record WordCounts(Map<String, Long> counts, long texts) {
  /// Counts the words of texts.
  public static WordCounts of(Stream<String> texts, BasicTokenizer tokenizer) {
    Map<String, Long> counts = new HashMap<>();
    long[] seen = new long[1];
    texts.forEach(
        text -> {
          seen[0]++;
          tokenizer.words(text).forEach(word -> counts.merge(word, 1L, Long::sum));
        });
    return new WordCounts(counts, seen[0]);
  }

  /// The number of occurrences of all words.
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /// The share of all occurrences whose word a tokenizer can spell; 1 where there are none.
  public double coverage(WordPieceTokenizer tokenizer) {
    long spelled =
        counts.entrySet().stream()
            .filter(entry -> tokenizer.spells(entry.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    return counts.isEmpty() ? 1 : (double) spelled / total();
  }
}
