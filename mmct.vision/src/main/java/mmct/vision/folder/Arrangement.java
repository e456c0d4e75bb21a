package mmct.vision.folder;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mmct.vision.FolderOptions.Layout;

/// What the folders above pictures stand for.
///
/// @param layout never [Layout#AUTO]
/// @param sorted the splits in which folders stand for classes; of [Layout#SPLIT_CLASS] only
record Arrangement(Layout layout, Set<String> sorted) {
  private static final String TRAIN = "train";

  /// Names of splits, with a year or a number behind.
  private static final Pattern SPLIT =
      Pattern.compile("(?i)(train(ing)?|val(id(ation)?)?|dev|test(ing)?|unlabell?ed)[-_]?\\d*");

  /// Where a picture belongs.
  ///
  /// @param split its split
  /// @param label its class
  record Place(String split, Optional<String> label) {}

  /// Finds the arrangement of pictures.
  ///
  /// @param pictures relative to the folder of the dataset, at least one
  static Arrangement of(Layout wanted, List<Path> pictures) {
    Layout layout = wanted == Layout.AUTO ? guess(pictures) : wanted;
    // A split that has any folders is sorted by them; in another one pictures have no classes.
    Set<String> sorted = layout == Layout.SPLIT_CLASS ? firstNames(pictures, 3) : Set.of();
    return new Arrangement(layout, sorted);
  }

  private static Layout guess(List<Path> pictures) {
    Set<String> folders = firstNames(pictures, 2);
    if (folders.isEmpty()) {
      return Layout.NONE;
    }
    if (areSplits(folders)) {
      return firstNames(pictures, 3).isEmpty() ? Layout.SPLIT : Layout.SPLIT_CLASS;
    }
    if (hasDepth(pictures, 1)) {
      return Layout.NONE;
    }
    return hasDepth(pictures, 2) ? Layout.CLASS : Layout.SPLIT_CLASS;
  }

  /// One split's name among others may be a class: a train stands beside a bus and a car.
  private static boolean areSplits(Set<String> folders) {
    long named = folders.stream().filter(it -> SPLIT.matcher(it).matches()).count();
    return named == folders.size() || named >= 2;
  }

  private static boolean hasDepth(List<Path> pictures, int depth) {
    return pictures.stream().anyMatch(it -> it.getNameCount() == depth);
  }

  /// The first names of pictures that are at least so deep.
  private static Set<String> firstNames(List<Path> pictures, int depth) {
    return pictures.stream()
        .filter(it -> it.getNameCount() >= depth)
        .map(it -> it.getName(0).toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The place of a picture; empty where it stands beside the folders that would say so.
  Optional<Place> place(Path picture) {
    int depth = picture.getNameCount();
    String first = picture.getName(0).toString();
    return switch (layout) {
      case NONE, AUTO -> Optional.of(new Place(TRAIN, Optional.empty()));
      case CLASS ->
          depth < 2 ? Optional.empty() : Optional.of(new Place(TRAIN, Optional.of(first)));
      case SPLIT -> depth < 2 ? Optional.empty() : Optional.of(new Place(first, Optional.empty()));
      case SPLIT_CLASS -> {
        if (depth < 2 || (depth == 2 && sorted.contains(first))) {
          yield Optional.empty();
        }
        Optional<String> label =
            depth == 2 ? Optional.empty() : Optional.of(picture.getName(1).toString());
        yield Optional.of(new Place(first, label));
      }
    };
  }

  /// The arrangement for people, as a path.
  String words() {
    return switch (layout) {
      case SPLIT_CLASS -> "SPLIT/CLASS/FILE";
      case SPLIT -> "SPLIT/FILE";
      case CLASS -> "CLASS/FILE";
      case NONE, AUTO -> "FILE";
    };
  }
}
