package mmct.eval.detection;

import java.util.Comparator;
import java.util.List;
import mmct.eval.detection.CocoScore.SizeRange;
import mmct.eval.detection.Instances.Detection;
import mmct.eval.detection.Instances.Scene;
import mmct.eval.detection.Instances.TrueObject;

/// Which detections of an image found an object of their category, by COCO's rules: the best
/// detections choose first, each the object that it overlaps most among those that are left; one
/// that only fits a crowd, or an object outside the range of sizes, counts neither for nor against.
///
/// @param objects how many objects are to be found
/// @param detections at most [#MOST_DETECTIONS], the best first
/// @param found per threshold and detection, `[t][d]`, whether it found an object
/// @param ignored `[t][d]`, whether it does not count
record SceneMatch(int objects, List<Detection> detections, boolean[][] found, boolean[][] ignored) {
  /// The most detections of an image and category that count.
  static final int MOST_DETECTIONS = 100;

  /// The thresholds of overlap, 0.5 to 0.95.
  static final double[] THRESHOLDS = CocoScore.thresholds();

  /// Matches a scene for one range of sizes.
  static SceneMatch of(Scene scene, SizeRange range) {
    List<Detection> best =
        scene.detections().stream()
            .sorted(Instances.highestFirst(Detection::score))
            .limit(MOST_DETECTIONS)
            .toList();
    // Objects that count come first, for they are preferred.
    List<TrueObject> objects =
        scene.objects().stream().sorted(Comparator.comparing(it -> !counts(it, range))).toList();
    int counting = (int) objects.stream().filter(it -> counts(it, range)).count();
    boolean[][] found = new boolean[THRESHOLDS.length][best.size()];
    boolean[][] ignored = new boolean[THRESHOLDS.length][best.size()];
    double[][] overlaps = overlaps(best, objects);
    for (int t = 0; t < THRESHOLDS.length; t++) {
      boolean[] taken = new boolean[objects.size()];
      for (int d = 0; d < best.size(); d++) {
        int match = choose(overlaps[d], THRESHOLDS[t], objects, counting, taken);
        if (match < 0) {
          ignored[t][d] = !range.holds(best.get(d).region().area());
        } else {
          taken[match] = true;
          found[t][d] = match < counting;
          ignored[t][d] = match >= counting;
        }
      }
    }
    return new SceneMatch(counting, best, found, ignored);
  }

  private static boolean counts(TrueObject object, SizeRange range) {
    return !object.crowd() && range.holds(object.area());
  }

  private static double[][] overlaps(List<Detection> detections, List<TrueObject> objects) {
    return detections.stream()
        .map(
            detection ->
                objects.stream()
                    .mapToDouble(it -> detection.region().overlap(it.region(), it.crowd()))
                    .toArray())
        .toArray(double[][]::new);
  }

  /// The object that a detection gets, or -1. Of two that overlap it alike the later one is taken,
  /// as COCO's tool does.
  private static int choose(
      double[] overlaps,
      double threshold,
      List<TrueObject> objects,
      int counting,
      boolean... taken) {
    double least = Math.min(threshold, 1 - 1e-10);
    int chosen = -1;
    for (int i = 0; i < overlaps.length; i++) {
      boolean free = !taken[i] || objects.get(i).crowd();
      // What counts is preferred to what does not, whatever the overlap.
      boolean worse = chosen >= 0 && chosen < counting && i >= counting;
      if (free && !worse && overlaps[i] >= least) {
        chosen = i;
        least = overlaps[i];
      }
    }
    return chosen;
  }
}
