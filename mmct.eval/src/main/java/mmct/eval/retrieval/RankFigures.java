package mmct.eval.retrieval;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What ranks come to, by the names of the figures.
final class RankFigures {
  /// The k of recall at k, the share of queries whose own key is among the first k.
  static final List<Integer> CUTOFFS = List.of(1, 5, 10);

  private RankFigures() {}

  /// The figures of one direction.
  ///
  /// @param ranks counted from 0, at least one
  static Map<String, Double> of(int[] ranks) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int k : CUTOFFS) {
      long found = Arrays.stream(ranks).filter(rank -> rank < k).count();
      figures.put("R@" + k, 100.0 * found / ranks.length);
    }
    int[] sorted = ranks.clone();
    Arrays.sort(sorted);
    // The median of an even number of ranks is the mean of the middle two, rounded down.
    long twoMiddle = (long) sorted[(ranks.length - 1) / 2] + sorted[ranks.length / 2];
    figures.put("medianRank", Math.floor(twoMiddle / 2.0) + 1);
    figures.put("meanRank", (double) Arrays.stream(ranks).asLongStream().sum() / ranks.length + 1);
    return figures;
  }

  /// The mean of each figure over folds.
  ///
  /// @param folds at least one, all with the same names
  static Map<String, Double> mean(List<Map<String, Double>> folds) {
    Map<String, Double> sums = new LinkedHashMap<>();
    folds.forEach(fold -> fold.forEach((name, value) -> sums.merge(name, value, Double::sum)));
    sums.replaceAll((_, sum) -> sum / folds.size());
    return sums;
  }
}
