package mmct.eval.tagging;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The tags that are predicted: the most frequent ones of the training split, most frequent first.
final class TagVocabulary {
  private final List<String> tags;
  private final Map<String, Integer> indices;

  private TagVocabulary(List<String> tags) {
    this.tags = tags;
    indices = HashMap.newHashMap(tags.size());
    tags.forEach(tag -> indices.put(tag, indices.size()));
  }

  /// The most frequent tags by the number of samples that have them; equal counts in the order of
  /// names.
  ///
  /// @param samples the tags of each sample
  /// @param size the most tags
  static TagVocabulary mostFrequent(List<List<String>> samples, int size) {
    Map<String, Integer> counts = new HashMap<>();
    for (List<String> tags : samples) {
      tags.stream()
          .map(TagVocabulary::normalized)
          .filter(tag -> !tag.isEmpty())
          .distinct()
          .forEach(tag -> counts.merge(tag, 1, Integer::sum));
    }
    return new TagVocabulary(
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(size)
            .map(Map.Entry::getKey)
            .toList());
  }

  /// A tag without white space around it, inner white space as one blank.
  private static String normalized(String tag) {
    return tag.strip().replaceAll("\\s+", " ");
  }

  /// The tags in the order of their indices.
  List<String> tags() {
    return tags;
  }

  /// The number of tags.
  int size() {
    return tags.size();
  }

  /// The indices of those tags that are known, ascending and without repetition.
  int[] indices(List<String> some) {
    return some.stream()
        .map(TagVocabulary::normalized)
        .filter(indices::containsKey)
        .mapToInt(indices::get)
        .sorted()
        .distinct()
        .toArray();
  }
}
