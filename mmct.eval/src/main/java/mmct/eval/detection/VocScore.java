package mmct.eval.detection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import mmct.eval.detection.Instances.Detection;
import mmct.eval.detection.Instances.OfCategory;
import mmct.eval.detection.Instances.Scene;
import mmct.eval.detection.Instances.TrueObject;

/// PASCAL VOC's average precision (Everingham et al. 2010), per cent, as Detectron2 reports it:
/// AP50 and AP75 at overlaps above 0.5 and 0.75, AP as the mean over ten thresholds from 0.5 to
/// 0.95, all averaged over the categories that have objects.
///
/// Both ways to read a curve are given: at eleven recalls, as VOC 2007 does, and the area under it,
/// as later years do. Unlike COCO's rule a detection is compared with the object that it overlaps
/// most, found already or not; a difficult object counts neither for nor against.
final class VocScore {
  private static final Scene NOTHING = new Scene(List.of(), List.of());

  private final List<OfCategory> categories;

  /// Prepares the score.
  VocScore(List<OfCategory> categories) {
    this.categories = categories;
  }

  /// The figures by name; none where no category has an object that counts.
  Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    put(figures, "eleven-point.", Curve::atElevenRecalls);
    put(figures, "area.", Curve::area);
    return figures;
  }

  private void put(Map<String, Double> figures, String group, ToDoubleFunction<Curve> precision) {
    if (categories.stream().noneMatch(VocScore::hasObjects)) {
      return;
    }
    double[] byThreshold =
        IntStream.range(0, 10)
            .mapToDouble(i -> 100 * mean((50 + 5 * i) / 100.0, precision))
            .toArray();
    figures.put(group + "AP50", byThreshold[0]);
    figures.put(group + "AP", Arrays.stream(byThreshold).average().orElseThrow());
    figures.put(group + "AP75", byThreshold[5]);
  }

  private static boolean hasObjects(OfCategory category) {
    return category.scenes().values().stream()
        .anyMatch(scene -> scene.objects().stream().anyMatch(it -> !it.difficult()));
  }

  private double mean(double threshold, ToDoubleFunction<Curve> precision) {
    return categories.stream()
        .filter(VocScore::hasObjects)
        .map(category -> curve(category.scenes(), threshold))
        .mapToDouble(precision)
        .average()
        .orElseThrow();
  }

  private static Curve curve(SortedMap<Long, Scene> scenes, double threshold) {
    List<Detection> detections = new ArrayList<>();
    Map<Long, boolean[]> taken = new TreeMap<>();
    int objects = 0;
    for (Map.Entry<Long, Scene> entry : scenes.entrySet()) {
      detections.addAll(entry.getValue().detections());
      taken.put(entry.getKey(), new boolean[entry.getValue().objects().size()]);
      objects += (int) entry.getValue().objects().stream().filter(it -> !it.difficult()).count();
    }
    detections.sort(Instances.highestFirst(Detection::score));
    List<Boolean> found = new ArrayList<>();
    for (Detection detection : detections) {
      List<TrueObject> there = scenes.getOrDefault(detection.image(), NOTHING).objects();
      int nearest = nearest(detection, there, threshold);
      if (nearest < 0) {
        found.add(false);
      } else if (!there.get(nearest).difficult()) {
        boolean[] before = taken.getOrDefault(detection.image(), new boolean[0]);
        found.add(!before[nearest]);
        before[nearest] = true;
      }
    }
    return Curve.of(objects, found);
  }

  /// The object that a detection overlaps most, the first of equals; -1 where it is not above the
  /// threshold.
  private static int nearest(Detection detection, List<TrueObject> objects, double threshold) {
    int nearest = -1;
    double most = 0;
    for (int i = 0; i < objects.size(); i++) {
      double overlap = detection.region().overlap(objects.get(i).region(), false);
      if (overlap > most) {
        most = overlap;
        nearest = i;
      }
    }
    return most > threshold ? nearest : -1;
  }

  /// Precision over recall.
  ///
  /// @param objects how many there are to find
  /// @param recalls after each detection, `[d]`
  /// @param precisions after each detection, `[d]`
  private record Curve(int objects, double[] recalls, double[] precisions) {
    static Curve of(int objects, List<Boolean> found) {
      double[] recalls = new double[found.size()];
      double[] precisions = new double[found.size()];
      int right = 0;
      for (int i = 0; i < recalls.length; i++) {
        right += found.get(i) ? 1 : 0;
        recalls[i] = (double) right / objects;
        precisions[i] = (double) right / (i + 1);
      }
      return new Curve(objects, recalls, precisions);
    }

    /// The mean, over the recalls 0, 0.1 ... 1, of the largest precision there or further on.
    double atElevenRecalls() {
      double sum = 0;
      for (int i = 0; i <= 10; i++) {
        double most = 0;
        for (int j = 0; j < recalls.length; j++) {
          most = recalls[j] >= i * 0.1 ? Math.max(most, precisions[j]) : most;
        }
        sum += most / 11;
      }
      return sum;
    }

    /// The area under the curve, each precision being the largest there or further on.
    double area() {
      double area = 0;
      double most = 0;
      for (int i = recalls.length - 1; i >= 0; i--) {
        most = Math.max(most, precisions[i]);
        area += most * (recalls[i] - (i == 0 ? 0 : recalls[i - 1]));
      }
      return area;
    }
  }
}
