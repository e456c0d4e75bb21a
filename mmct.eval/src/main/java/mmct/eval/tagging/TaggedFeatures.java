package mmct.eval.tagging;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import mmct.api.MmctException;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.EvaluationContext.Features;

/// Images as features, each with its tags.
///
/// @param features of all images, row-major
/// @param images the rows of the features that take part, length n
/// @param tags per image its tags, ascending
/// @param ids per image the id of its sample
/// @param skipped how many images take no part since they have no tag that is known
record TaggedFeatures(
    Features features, int[] images, List<int[]> tags, List<String> ids, int skipped) {

  /// The images of a split.
  ///
  /// @param modality whose backbone features they are
  /// @param tagsOfSamples per sample its tags, ascending
  /// @param usable whether an image with such tags takes part
  static TaggedFeatures of(
      EvaluationContext context,
      String modality,
      List<int[]> tagsOfSamples,
      Predicate<int[]> usable) {
    Features features = context.encode(modality, "");
    requireFinite(features, modality, context);
    List<Integer> images = new ArrayList<>();
    List<int[]> tags = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int item = 0; item < features.items(); item++) {
      int[] own = tagsOfSamples.get(features.samples()[item]);
      if (usable.test(own)) {
        images.add(item);
        tags.add(own);
        ids.add(context.dataset().id(features.samples()[item]));
      }
    }
    return new TaggedFeatures(
        features,
        images.stream().mapToInt(Integer::intValue).toArray(),
        List.copyOf(tags),
        List.copyOf(ids),
        features.items() - images.size());
  }

  private static void requireFinite(Features features, String modality, EvaluationContext context) {
    for (int i = 0; i < features.values().length; i++) {
      if (!Float.isFinite(features.values()[i])) {
        throw new MmctException(
            "features must be finite but those of %s hold %s (sample %s)"
                .formatted(
                    modality,
                    features.values()[i],
                    context.dataset().id(features.samples()[i / features.width()])));
      }
    }
  }

  /// The number of images n.
  int count() {
    return images.length;
  }

  /// The width of the features w.
  int width() {
    return features.width();
  }

  /// Features of some images, row-major `[n, w]`.
  float[] rows(int... chosen) {
    float[] rows = new float[chosen.length * width()];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(features.values(), images[chosen[i]] * width(), rows, i * width(), width());
    }
    return rows;
  }
}
