package mmct.vision.coco;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import mmct.api.MmctException;
import mmct.api.PathWords;
import mmct.api.data.WrittenText;
import org.jspecify.annotations.Nullable;

/// The pictures of a split while its annotation files are read. Annotations may come before the
/// picture that they are of, and categories after the objects that name them.
final class Pictures {
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /// One string for each category's id, which half a million objects name.
  private final Map<String, String> categoryIds = new HashMap<>();

  private final Set<String> missing;
  private final Set<String> missingWords = new TreeSet<>();
  private int missingCaptions;

  /// No pictures yet.
  ///
  /// @param missing captions that stand for none, besides white space
  Pictures(Collection<String> missing) {
    this.missing = Set.copyOf(missing);
  }

  /// A picture that has been listed or mentioned.
  private static final class Entry {
    private @Nullable Path file;
    private @Nullable Place mention;
    private final List<String> captions = new ArrayList<>(5);
    private final List<String> categories = new ArrayList<>(4);
    private List<String> tags = List.of();
  }

  /// A picture that is complete.
  ///
  /// @param id the picture's id
  /// @param file its file, relative to the folder of the pictures
  /// @param captions its captions; may be none
  /// @param tags the distinct names of its objects in alphabetical order; may be none
  record Picture(String id, Path file, List<String> captions, List<String> tags) {}

  /// Adds a picture; another file may have listed it before.
  void add(String id, String name, Place place) {
    Path file = path(name, place);
    Entry entry = entries.computeIfAbsent(id, it -> new Entry());
    if (entry.file != null && !entry.file.equals(file)) {
      throw new MmctException(
          "%s: picture %s is the file %s here but %s elsewhere"
              .formatted(place, id, file, entry.file));
    }
    entry.file = file;
  }

  private static Path path(String name, Place place) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new MmctException(
          "%s has a file_name that no file can have: %s".formatted(place, PathWords.reason(e)), e);
    }
  }

  /// Adds a caption; those that are blank or a word for nothing are passed over and counted.
  void addCaption(String id, String caption, Place place) {
    String text = WrittenText.strip(caption);
    Entry entry = mentioned(id, place);
    if (text.isEmpty() || missing.contains(text)) {
      missingCaptions++;
      missingWords.add(text.isEmpty() ? "blank" : text);
    } else {
      entry.captions.add(text);
    }
  }

  /// The captions that were passed over, in a sentence; empty where there were none.
  ///
  /// @param split that they are of
  Optional<String> passedOver(String split) {
    return missingCaptions == 0
        ? Optional.empty()
        : Optional.of(
            "captions of %s that are blank or words for nothing: %d (%s); data.options.missing says which are"
                .formatted(split, missingCaptions, String.join(", ", missingWords)));
  }

  /// Adds an object of a category.
  void addCategory(String id, String category, Place place) {
    List<String> categories = mentioned(id, place).categories;
    if (!categories.contains(category)) {
      categories.add(categoryIds.computeIfAbsent(category, it -> it));
    }
  }

  private Entry mentioned(String id, Place place) {
    Entry entry = entries.computeIfAbsent(id, it -> new Entry());
    if (entry.file == null && entry.mention == null) {
      entry.mention = place;
    }
    return entry;
  }

  /// Turns the categories of all pictures into tags.
  ///
  /// @param names by category
  /// @param file where the categories stand
  void nameCategories(Map<String, String> names, Path file) {
    entries.forEach(
        (id, entry) -> {
          if (!entry.categories.isEmpty()) {
            entry.tags =
                entry.categories.stream()
                    .map(category -> name(category, names, id, file))
                    .distinct()
                    .sorted()
                    .toList();
            entry.categories.clear();
          }
        });
  }

  private static String name(String category, Map<String, String> names, String id, Path file) {
    String name = names.get(category);
    if (name == null) {
      throw new MmctException(
          "%s: an object of picture %s is of category %s, which categories does not list"
              .formatted(file, id, category));
    }
    return name;
  }

  /// The pictures in the order in which they were listed.
  List<Picture> all() {
    List<Picture> all = new ArrayList<>(entries.size());
    entries.forEach(
        (id, entry) -> {
          if (entry.file == null) {
            throw new MmctException(
                "%s is of picture %s, which images does not list".formatted(entry.mention, id));
          }
          all.add(new Picture(id, entry.file, List.copyOf(entry.captions), entry.tags));
        });
    return all;
  }
}
