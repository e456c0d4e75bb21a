package mmct.eval.retrieval;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// What a random ranking reaches, exactly.
///
/// Of m items in random order g are the query's own. None of the first k is its own with the
/// probability (m−k choose g) / (m choose g), and (m−g)/(g+1) others come before its own first on
/// average.
final class Chance {
  private final int items;
  private final Map<Integer, Integer> queriesByOwn = new TreeMap<>();
  private final int queries;

  /// Chance for the items of one side that search the other.
  Chance(Items queries, Items keys) {
    items = keys.count();
    this.queries = queries.count();
    for (int instance = 0; instance < keys.instances(); instance++) {
      int own = keys.starts()[instance + 1] - keys.starts()[instance];
      int searching = queries.starts()[instance + 1] - queries.starts()[instance];
      queriesByOwn.merge(own, searching, Integer::sum);
    }
  }

  /// The expected figures of one direction, by the names of [RankFigures].
  Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    RankFigures.CUTOFFS.forEach(k -> figures.put("R@" + k, 100 * (1 - missed(k))));
    figures.put("medianRank", (double) median());
    figures.put("meanRank", mean());
    return figures;
  }

  /// The expected share of queries without an own item among the first k.
  private double missed(int k) {
    double sum = 0;
    for (Map.Entry<Integer, Integer> group : queriesByOwn.entrySet()) {
      double none = 1;
      for (int i = 0; i < group.getKey() && none > 0; i++) {
        none *= Math.max(0.0, items - k - i) / (items - i);
      }
      sum += none * group.getValue();
    }
    return sum / queries;
  }

  /// The first k at which half of the queries have found their own.
  private int median() {
    int without = 0;
    int with = items;
    while (with - without > 1) {
      int middle = (without + with) >>> 1;
      if (missed(middle) > 0.5) {
        without = middle;
      } else {
        with = middle;
      }
    }
    return with;
  }

  private double mean() {
    double sum = 0;
    for (Map.Entry<Integer, Integer> group : queriesByOwn.entrySet()) {
      double own = group.getKey();
      sum += (items - own) / (own + 1) * group.getValue();
    }
    return sum / queries + 1;
  }
}
