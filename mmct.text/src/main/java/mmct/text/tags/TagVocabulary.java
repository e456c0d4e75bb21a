package mmct.text.tags;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.WrittenText;

/// The tags that a run knows; a tag's index is its line in the file, from 0, the most frequent
/// first.
public final class TagVocabulary {
  /// White space that is shown, no-break and wide spaces included.
  private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");

  private final List<String> tags;
  private final Map<String, Integer> indices;

  private TagVocabulary(List<String> tags, Map<String, Integer> indices) {
    this.tags = tags;
    this.indices = indices;
  }

  /// A tag as it is compared and stored: in Unicode's form NFC, without white space around it,
  /// inner white space as one blank. Upper and lower case differ.
  public static String normalized(String tag) {
    return SPACES.matcher(WrittenText.name(tag)).replaceAll(" ");
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
      return of(lines(text, source), source);
    } catch (CharacterCodingException e) {
      throw new MmctException("a list of tags is UTF-8 text but " + source + " is not", e);
    }
  }

  /// The lines of a file as any system writes it: a tag's index is its line, so none may be blank
  /// but the last ones.
  private static List<String> lines(String text, String source) {
    String marked = text.startsWith("\ufeff") ? text.substring(1) : text;
    List<String> lines = marked.stripTrailing().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (WrittenText.isBlank(lines.get(i))) {
        throw new MmctException(
            "a list of tags has one tag per line but %s:%d is blank".formatted(source, i + 1));
      }
    }
    return lines;
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
    // A list that another program or an older run has written may be in another form of Unicode.
    for (int i = 0; i < tags.size(); i++) {
      indices.putIfAbsent(normalized(tags.get(i)), i);
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
