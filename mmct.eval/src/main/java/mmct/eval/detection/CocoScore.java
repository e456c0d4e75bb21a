package mmct.eval.detection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import mmct.eval.detection.Instances.Detection;
import mmct.eval.detection.Instances.OfCategory;

/// COCO's average precision and recall (Lin et al. 2014), number for number as its own tool, from 0
/// to 1.
///
/// Precision is read at 101 recalls and averaged over these, over the categories that have objects,
/// and over ten thresholds of overlap from 0.5 to 0.95; recall is the largest that is reached with
/// a number of detections per image.
final class CocoScore {
  private static final int RECALLS = 101;

  /// The number that COCO's tool adds to a denominator.
  private static final double EPSILON = Math.ulp(1.0);

  private final List<OfCategory> categories;
  private final Map<Long, Map<SizeRange, List<SceneMatch>>> matches = new LinkedHashMap<>();

  /// Matches everything.
  CocoScore(List<OfCategory> categories) {
    this.categories = categories;
    for (OfCategory category : categories) {
      Map<SizeRange, List<SceneMatch>> byRange = new EnumMap<>(SizeRange.class);
      for (SizeRange range : SizeRange.values()) {
        byRange.put(
            range,
            category.scenes().values().stream().map(scene -> SceneMatch.of(scene, range)).toList());
      }
      matches.put(category.category(), byRange);
    }
  }

  /// The twelve numbers by name; one without any object in its range is absent.
  Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    int all = SceneMatch.THRESHOLDS.length;
    put(figures, "AP", precision(SizeRange.ALL, 0, all));
    put(figures, "AP50", precision(SizeRange.ALL, 0, 1));
    put(figures, "AP75", precision(SizeRange.ALL, 5, 6));
    put(figures, "APs", precision(SizeRange.SMALL, 0, all));
    put(figures, "APm", precision(SizeRange.MEDIUM, 0, all));
    put(figures, "APl", precision(SizeRange.LARGE, 0, all));
    put(figures, "AR1", recall(SizeRange.ALL, 1));
    put(figures, "AR10", recall(SizeRange.ALL, 10));
    put(figures, "AR100", recall(SizeRange.ALL, SceneMatch.MOST_DETECTIONS));
    put(figures, "ARs", recall(SizeRange.SMALL, SceneMatch.MOST_DETECTIONS));
    put(figures, "ARm", recall(SizeRange.MEDIUM, SceneMatch.MOST_DETECTIONS));
    put(figures, "ARl", recall(SizeRange.LARGE, SceneMatch.MOST_DETECTIONS));
    return figures;
  }

  /// The average precision of each category with objects, by its id.
  Map<Long, Double> byCategory() {
    Map<Long, Double> byCategory = new LinkedHashMap<>();
    for (OfCategory category : categories) {
      precisions(category.category(), SizeRange.ALL, 0, SceneMatch.THRESHOLDS.length)
          .average()
          .ifPresent(value -> byCategory.put(category.category(), value));
    }
    return byCategory;
  }

  private static void put(Map<String, Double> figures, String name, OptionalDouble value) {
    value.ifPresent(number -> figures.put(name, number));
  }

  private OptionalDouble precision(SizeRange range, int from, int to) {
    return categories.stream()
        .flatMapToDouble(category -> precisions(category.category(), range, from, to))
        .average();
  }

  /// Per threshold the mean precision; none where the category has no object in the range.
  private DoubleStream precisions(long category, SizeRange range, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(t -> curve(category, range, t, SceneMatch.MOST_DETECTIONS))
        .filter(curve -> curve.objects > 0)
        .mapToDouble(Curve::averagePrecision);
  }

  private OptionalDouble recall(SizeRange range, int most) {
    return categories.stream()
        .flatMap(
            category ->
                IntStream.range(0, SceneMatch.THRESHOLDS.length)
                    .mapToObj(t -> curve(category.category(), range, t, most)))
        .filter(curve -> curve.objects > 0)
        .mapToDouble(Curve::recall)
        .average();
  }

  /// Puts the detections of all images in the order of their scores.
  private Curve curve(long category, SizeRange range, int threshold, int most) {
    List<SceneMatch> scenes =
        matches.getOrDefault(category, Map.of()).getOrDefault(range, List.of());
    List<Ranked> ranked = new ArrayList<>();
    int objects = 0;
    for (SceneMatch scene : scenes) {
      objects += scene.objects();
      for (int i = 0; i < Math.min(most, scene.detections().size()); i++) {
        if (!scene.ignored()[threshold][i]) {
          Detection detection = scene.detections().get(i);
          ranked.add(new Ranked(detection.score(), scene.found()[threshold][i]));
        }
      }
    }
    ranked.sort(Instances.highestFirst(Ranked::score));
    boolean[] found = new boolean[ranked.size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = ranked.get(i).found;
    }
    return new Curve(objects, found);
  }

  private record Ranked(double score, boolean found) {}

  /// What a list of detections in the order of their scores reaches.
  ///
  /// @param objects how many there are to find
  /// @param found per detection whether it found one
  private record Curve(int objects, boolean... found) {
    double recall() {
      int all = 0;
      for (boolean it : found) {
        all += it ? 1 : 0;
      }
      return (double) all / objects;
    }

    /// The mean over 101 recalls of the largest precision at that recall or a larger one.
    double averagePrecision() {
      double[] recalls = new double[found.length];
      double[] precisions = new double[found.length];
      int right = 0;
      for (int i = 0; i < found.length; i++) {
        right += found[i] ? 1 : 0;
        recalls[i] = (double) right / objects;
        precisions[i] = right / (i + 1 + EPSILON);
      }
      for (int i = found.length - 1; i > 0; i--) {
        precisions[i - 1] = Math.max(precisions[i - 1], precisions[i]);
      }
      double sum = 0;
      int at = 0;
      for (int i = 0; i < RECALLS; i++) {
        while (at < recalls.length && recalls[at] < i * 0.01) {
          at++;
        }
        sum += at < recalls.length ? precisions[at] : 0;
      }
      return sum / RECALLS;
    }
  }

  /// COCO's sizes of objects, by area in pixels; the borders belong to both sides.
  enum SizeRange {
    /// Whatever its size.
    ALL(0, 1e10),
    /// Up to 32².
    SMALL(0, 32 * 32),
    /// Between 32² and 96².
    MEDIUM(32 * 32, 96 * 96),
    /// From 96².
    LARGE(96 * 96, 1e10);

    private final double least;
    private final double most;

    SizeRange(double least, double most) {
      this.least = least;
      this.most = most;
    }

    /// Whether an area is in the range.
    boolean holds(double area) {
      return area >= least && area <= most;
    }
  }

  /// The thresholds of overlap.
  static double[] thresholds() {
    double[] thresholds = new double[10];
    Arrays.setAll(thresholds, i -> i == 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9));
    return thresholds;
  }
}
