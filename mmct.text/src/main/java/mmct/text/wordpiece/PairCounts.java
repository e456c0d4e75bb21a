package mmct.text.wordpiece;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How often each pair of neighbouring tokens occurs in weighted words, kept up to date while pairs
/// are merged: a merge visits only the words that hold the pair.
final class PairCounts {
  /// A pair of tokens and how often it occurs.
  record Pair(int left, int right, long count) {}

  private static final Comparator<Pair> MOST_FREQUENT_FIRST =
      Comparator.comparingLong(Pair::count)
          .reversed()
          .thenComparingInt(Pair::left)
          .thenComparingInt(Pair::right);

  private final List<int[]> words = new ArrayList<>();
  private final List<Long> weights = new ArrayList<>();
  private final Map<Long, Long> counts = new HashMap<>();
  private final Map<Long, Set<Integer>> places = new HashMap<>();
  private final PriorityQueue<Pair> queue = new PriorityQueue<>(MOST_FREQUENT_FIRST);
  private final Set<Long> risen = new HashSet<>();

  /// Adds a word.
  ///
  /// @param symbols its tokens' ids
  /// @param weight how often the word occurs
  void add(int[] symbols, long weight) {
    words.add(symbols);
    weights.add(weight);
    count(words.size() - 1, weight);
  }

  /// The most frequent pair; among equals the one of the lowest ids. Null where there is none.
  @Nullable Pair mostFrequent() {
    risen.forEach(key -> queue.add(pair(key, counts.getOrDefault(key, 0L))));
    risen.clear();
    while (!queue.isEmpty()) {
      Pair pair = queue.remove();
      long now = counts.getOrDefault(key(pair.left, pair.right), 0L);
      if (now == pair.count && now > 0) {
        return pair;
      }
      // The count has fallen since the pair was queued; it waits again with what is left of it.
      if (now > 0 && now < pair.count) {
        queue.add(pair(key(pair.left, pair.right), now));
      }
    }
    return null;
  }

  /// Replaces a pair by one token wherever it occurs, from left to right.
  void merge(Pair pair, int merged) {
    Set<Integer> where = places.remove(key(pair.left, pair.right));
    if (where == null) {
      return;
    }
    for (int word : where) {
      count(word, -weights.get(word));
      words.set(word, merged(words.get(word), pair, merged));
      count(word, weights.get(word));
    }
  }

  private void count(int word, long weight) {
    int[] symbols = words.get(word);
    for (int i = 1; i < symbols.length; i++) {
      long key = key(symbols[i - 1], symbols[i]);
      counts.merge(key, weight, PairCounts::sumOrNothing);
      if (weight > 0) {
        places.computeIfAbsent(key, _ -> new HashSet<>()).add(word);
        risen.add(key);
      }
    }
  }

  private static @Nullable Long sumOrNothing(long before, long change) {
    return before + change == 0 ? null : before + change;
  }

  private static int[] merged(int[] symbols, Pair pair, int merged) {
    int[] shorter = new int[symbols.length];
    int length = 0;
    for (int i = 0; i < symbols.length; i++) {
      boolean here =
          symbols[i] == pair.left && i + 1 < symbols.length && symbols[i + 1] == pair.right;
      shorter[length++] = here ? merged : symbols[i];
      i += here ? 1 : 0;
    }
    return Arrays.copyOf(shorter, length);
  }

  private static long key(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }

  private static Pair pair(long key, long count) {
    return new Pair((int) (key >> Integer.SIZE), (int) key, count);
  }
}
