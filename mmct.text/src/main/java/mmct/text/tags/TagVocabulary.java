package mmct.text.tags;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mmct.api.MmctException;

/// The tags that a run knows; a tag's index is its line in the file, from 0, the most frequent
/// first.
public final class TagVocabulary {
  private final List<String> tags;
  private final Map<String, Integer> indices;

  private TagVocabulary(List<String> tags, Map<String, Integer> indices) {
    this.tags = tags;
    this.indices = indices;
  }

  /// A tag as it is compared and stored: without white space around it, inner white space as one
  /// blank. Upper and lower case differ.
  public static String normalized(String tag) {
    return tag.strip().replaceAll("\\s+", " ");
  }

  /// The most frequent tags of samples, by the number of samples; equal counts in the order of
  /// names.
  ///
  /// @param samples the tags of each sample
  /// @param size the most tags
  /// @param minCount how many samples must have a tag
  public static TagVocabulary mostFrequent(Stream<List<String>> samples, int size, int minCount) {
    Map<String, Integer> counts = new HashMap<>();
    samples.forEach(
        tags ->
            tags.stream()
                .map(TagVocabulary::normalized)
                .filter(tag -> !tag.isEmpty())
                .distinct()
                .forEach(tag -> counts.merge(tag, 1, Integer::sum)));
    List<String> tags =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue() >= minCount)
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(size)
            .map(Map.Entry::getKey)
            .toList();
    return of(tags, "the training split");
  }

  /// Reads one tag per line, UTF-8.
  ///
  /// @param source what an error names
  public static TagVocabulary parse(byte[] content, String source) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return of(List.of(text.strip().split("\n")), source);
    } catch (CharacterCodingException e) {
      throw new MmctException("a list of tags is UTF-8 text but " + source + " is not", e);
    }
  }

  private static TagVocabulary of(List<String> tags, String source) {
    if (tags.isEmpty() || tags.getFirst().isBlank()) {
      throw new MmctException(
          "a tag vocabulary needs at least one tag but " + source + " has none");
    }
    Map<String, Integer> indices = HashMap.newHashMap(tags.size());
    for (int i = 0; i < tags.size(); i++) {
      Integer before = indices.put(tags.get(i), i);
      if (before != null) {
        throw new MmctException(
            "a tag vocabulary has every tag once but '%s' is in line %d and line %d of %s"
                .formatted(tags.get(i), before + 1, i + 1, source));
      }
    }
    return new TagVocabulary(tags, indices);
  }

  /// The file's content; [#parse] reads it back.
  public byte[] toBytes() {
    return (String.join("\n", tags) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// The tags in the order of their indices.
  public List<String> tags() {
    return tags;
  }

  /// The number of tags.
  public int size() {
    return tags.size();
  }

  /// The indices of the known ones among some tags, ascending and without repetition.
  public int[] indices(List<String> some) {
    return some.stream()
        .map(TagVocabulary::normalized)
        .filter(indices::containsKey)
        .mapToInt(indices::get)
        .sorted()
        .distinct()
        .toArray();
  }
}
