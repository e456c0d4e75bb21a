package mmct.eval.classification;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// How often the own class is the first, or among the first five, of a ranking of the classes.
///
/// A class that scores as high as the own one comes before it: a classifier that says nothing is
/// wrong, not right.
///
/// @param ranks per item, how many classes come before its own
/// @param own per item, the index of its own class
/// @param classes the number of classes
public record Accuracy(int[] ranks, int[] own, int classes) {
  private static final int FIVE = 5;

  /// How many classes come before the own one.
  ///
  /// @param scores of all classes, from an offset on
  /// @param offset where the scores of the item begin
  public static int rank(float[] scores, int offset, int classes, int own) {
    float mine = scores[offset + own];
    int rank = -1; // the own one is as high as itself
    for (int i = offset; i < offset + classes; i++) {
      // Written so that a score which is not a number counts against the classifier too.
      rank += scores[i] < mine ? 0 : 1;
    }
    return rank;
  }

  /// The figures in per cent: `top1`, `top5` where there are more than five classes, and
  /// `perClass`, the mean of the classes' own accuracies, in which a rare class counts as much as a
  /// frequent one.
  public Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("top1", within(1));
    if (classes > FIVE) {
      figures.put("top5", within(FIVE));
    }
    figures.put("perClass", Arrays.stream(perClass()).filter(Double::isFinite).average().orElse(0));
    return figures;
  }

  private double within(int first) {
    return 100.0 * Arrays.stream(ranks).filter(rank -> rank < first).count() / ranks.length;
  }

  /// Per class its top-1 accuracy in per cent; not a number where it has no items.
  public double[] perClass() {
    int[] items = new int[classes];
    int[] right = new int[classes];
    for (int i = 0; i < own.length; i++) {
      items[own[i]]++;
      right[own[i]] += ranks[i] == 0 ? 1 : 0;
    }
    return IntStream.range(0, classes).mapToDouble(c -> 100.0 * right[c] / items[c]).toArray();
  }

  /// What guessing reaches: each of the classes is as likely, whatever their frequencies.
  public static Map<String, Double> chance(int classes) {
    Map<String, Double> chance = new LinkedHashMap<>();
    chance.put("top1", 100.0 / classes);
    if (classes > FIVE) {
      chance.put("top5", 100.0 * FIVE / classes);
    }
    chance.put("perClass", 100.0 / classes);
    return chance;
  }

  /// What the order of the classes by how frequent they are in training reaches, whatever the item;
  /// empty where that is no more than guessing, as with classes of one size.
  public static Map<String, Double> byFrequency(ClassificationTask task) {
    int classes = task.classes().size();
    float[] frequencies = new float[classes];
    Arrays.stream(task.train().classes()).forEach(c -> frequencies[c]++);
    int[] own = task.test().classes();
    int[] ranks = Arrays.stream(own).map(c -> rank(frequencies, 0, classes, c)).toArray();
    Map<String, Double> figures = new Accuracy(ranks, own, classes).figures();
    return figures.getOrDefault("top1", 0.0) > 100.0 / classes ? figures : Map.of();
  }

  /// The table of the classes: by name, the items and the accuracy.
  ///
  /// @param names the names of the classes
  /// @param accuracies per class, over several runs, as [#perClass] gives them
  public Map<String, Object> table(List<String> names, List<double[]> accuracies) {
    int[] items = new int[classes];
    Arrays.stream(own).forEach(c -> items[c]++);
    Map<String, Object> table = new LinkedHashMap<>();
    for (int c = 0; c < classes; c++) {
      if (items[c] > 0) {
        int each = c;
        double mean = accuracies.stream().mapToDouble(run -> run[each]).average().orElse(0);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("items", items[c]);
        row.put("top1", mean);
        table.put(names.get(c), row);
      }
    }
    return table;
  }
}
