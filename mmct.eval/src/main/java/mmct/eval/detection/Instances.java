package mmct.eval.detection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// What is truly in some images.
///
/// @param images by id their sizes, ids ascending
/// @param categories by id their names, ids ascending
/// @param objects in the order of the file
record Instances(
    SortedMap<Long, ImageSize> images,
    SortedMap<Long, String> categories,
    List<TrueObject> objects) {

  /// The size of an image in pixels.
  record ImageSize(int height, int width) {}

  /// An object that is there.
  ///
  /// @param area what decides whether it is small, medium or large
  /// @param crowd whether it stands for a crowd of objects, which is no fault to miss
  /// @param difficult whether it is no fault to miss it in the protocol of VOC
  record TrueObject(
      long image, long category, Region region, double area, boolean crowd, boolean difficult) {}

  /// An object that a detector found.
  record Detection(long image, long category, double score, Region region) {}

  /// The order of scores, the highest first, in which the two zeros are one score: those of one
  /// score stay in the order in which they stand.
  static <T> Comparator<T> highestFirst(ToDoubleFunction<T> score) {
    // The difference from zero, unlike a negation, makes one zero of the two.
    return Comparator.comparingDouble(it -> 0.0 - score.applyAsDouble(it));
  }

  /// What is there and what was found in one image of one category.
  ///
  /// @param objects in the order of the file
  /// @param detections in the order of the file
  record Scene(List<TrueObject> objects, List<Detection> detections) {}

  /// The scenes of one category by image, ids ascending: in this order stand detections of one
  /// score in different images.
  record OfCategory(long category, SortedMap<Long, Scene> scenes) {}

  /// Puts what is there and what was found together.
  ///
  /// @param detections in the order of the file
  /// @return per category with an object or a detection its scenes, ids ascending
  List<OfCategory> scenes(List<Detection> detections) {
    SortedMap<Long, SortedMap<Long, Scene>> all = new TreeMap<>();
    objects.forEach(it -> scene(all, it.category(), it.image()).objects().add(it));
    detections.forEach(it -> scene(all, it.category(), it.image()).detections().add(it));
    return all.entrySet().stream()
        .map(entry -> new OfCategory(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Scene scene(Map<Long, SortedMap<Long, Scene>> all, long category, long image) {
    return all.computeIfAbsent(category, _ -> new TreeMap<>())
        .computeIfAbsent(image, _ -> new Scene(new ArrayList<>(), new ArrayList<>()));
  }
}
