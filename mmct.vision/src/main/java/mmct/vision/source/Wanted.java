package mmct.vision.source;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import mmct.api.data.Columns;

/// Which modalities of a request want which part of a sample with a picture, by the names of their
/// columns. A source that has no table answers to the names that a table would have.
///
/// @param pictures modalities that read the picture
/// @param captions modalities that read the captions
/// @param tags modalities that read the tags
/// @param labels modalities that read the class
public record Wanted(
    List<String> pictures, List<String> captions, List<String> tags, List<String> labels) {
  private static final Set<String> PICTURE = Set.of("image", "path", "file_name");
  private static final Set<String> LABEL = Set.of("label", "class");

  /// Sorts a request's modalities; one that names several parts gets the first of these.
  public static Wanted of(Map<String, Columns> modalities) {
    Map<String, Columns> rest = new TreeMap<>(modalities);
    return new Wanted(
        take(rest, PICTURE::contains),
        take(rest, name -> name.equals("caption") || name.startsWith("caption_")),
        take(rest, "tags"::equals),
        take(rest, LABEL::contains));
  }

  private static List<String> take(Map<String, Columns> rest, Predicate<String> column) {
    List<String> taken =
        rest.keySet().stream()
            .filter(it -> rest.getOrDefault(it, NOTHING).names().stream().anyMatch(column))
            .toList();
    rest.keySet().removeAll(taken);
    return taken;
  }

  private static final Columns NOTHING = new Columns(List.of(), Columns.Kind.STRINGS);
}
