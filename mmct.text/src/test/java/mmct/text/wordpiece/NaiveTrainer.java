package mmct.text.wordpiece;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Learns a vocabulary as [VocabularyTrainer] does, but counts all pairs anew for every merge.
final class NaiveTrainer {
  private record Pair(String left, String right) {}

  private NaiveTrainer() {}

  static List<String> train(Map<String, Long> words, int size, int minFrequency) {
    List<String> tokens =
        new ArrayList<>(
            VocabularyTrainer.train(new WordCounts(words, 1), size, Long.MAX_VALUE / 2).tokens());
    List<Integer> letters =
        words.keySet().stream()
            .flatMapToInt(String::codePoints)
            .distinct()
            .sorted()
            .boxed()
            .toList();
    letters.forEach(letter -> tokens.add(Character.toString(letter)));
    letters.forEach(letter -> tokens.add("##" + Character.toString(letter)));
    Map<List<String>, Long> split = new HashMap<>();
    words.forEach((word, count) -> split.merge(letters(word), count, Long::sum));
    while (tokens.size() < size) {
      Map<Pair, Long> counts = count(split);
      Pair best =
          counts.keySet().stream()
              .min(
                  java.util.Comparator.<Pair>comparingLong(pair -> -counts.get(pair))
                      .thenComparingInt(pair -> tokens.indexOf(pair.left))
                      .thenComparingInt(pair -> tokens.indexOf(pair.right)))
              .orElse(null);
      if (best == null || counts.get(best) < minFrequency) {
        break;
      }
      String merged = best.left + best.right.substring(2);
      if (!tokens.contains(merged)) {
        tokens.add(merged);
      }
      Map<List<String>, Long> shorter = new HashMap<>();
      split.forEach((word, count) -> shorter.merge(merge(word, best, merged), count, Long::sum));
      split.clear();
      split.putAll(shorter);
    }
    return tokens;
  }

  private static List<String> letters(String word) {
    List<String> letters = new ArrayList<>();
    for (int i = 0; i < word.length(); i++) {
      letters.add((i == 0 ? "" : "##") + word.charAt(i));
    }
    return letters;
  }

  private static Map<Pair, Long> count(Map<List<String>, Long> split) {
    Map<Pair, Long> counts = new HashMap<>();
    split.forEach(
        (word, count) -> {
          for (int i = 1; i < word.size(); i++) {
            counts.merge(new Pair(word.get(i - 1), word.get(i)), count, Long::sum);
          }
        });
    return counts;
  }

  private static List<String> merge(List<String> word, Pair pair, String merged) {
    List<String> shorter = new ArrayList<>();
    for (int i = 0; i < word.size(); i++) {
      if (i + 1 < word.size()
          && word.get(i).equals(pair.left)
          && word.get(i + 1).equals(pair.right)) {
        shorter.add(merged);
        i++;
      } else {
        shorter.add(word.get(i));
      }
    }
    return shorter;
  }
}
