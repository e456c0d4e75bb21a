package mmct.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Retrieval figures straight from their definition, for a few samples: every item on one side
/// meets every item on the other.
final class ByDefinition {
  private ByDefinition() {}

  static Map<String, Double> figures(List<FeatureTable.Row> rows, String query, String key) {
    Map<String, Double> figures = new LinkedHashMap<>();
    direction(rows, query, key, figures);
    direction(rows, key, query, figures);
    return figures;
  }

  private static void direction(
      List<FeatureTable.Row> rows, String query, String key, Map<String, Double> figures) {
    List<FeatureTable.Row> both =
        rows.stream()
            .filter(r -> r.features().get(query).length > 0 && r.features().get(key).length > 0)
            .toList();
    List<Integer> ranks = new ArrayList<>();
    for (FeatureTable.Row row : both) {
      for (float[] item : row.features().get(query)) {
        ranks.add(
            Arrays.stream(row.features().get(key))
                .mapToInt(own -> before(item, own, row, both, key))
                .min()
                .orElseThrow());
      }
    }
    String prefix = query + "-to-" + key + ".";
    for (int k : new int[] {1, 5, 10}) {
      double found = ranks.stream().filter(rank -> rank < k).count();
      figures.put(prefix + "R@" + k, 100 * found / ranks.size());
    }
    List<Integer> sorted = ranks.stream().sorted().toList();
    int n = sorted.size();
    double median = (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2.0;
    figures.put(prefix + "medianRank", Math.floor(median) + 1);
    figures.put(prefix + "meanRank", ranks.stream().mapToInt(r -> r).average().orElseThrow() + 1);
  }

  private static int before(
      float[] item, float[] own, FeatureTable.Row row, List<FeatureTable.Row> both, String key) {
    int before = 0;
    for (FeatureTable.Row other : both) {
      if (other != row) {
        for (float[] candidate : other.features().get(key)) {
          before += dot(item, candidate) >= dot(item, own) ? 1 : 0;
        }
      }
    }
    return before;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
