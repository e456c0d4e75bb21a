package mmct.vision.coco;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.NamedFile;
import mmct.api.io.AtomicFiles;

/// A dataset's folder and the annotation files in it.
///
/// @param root the folder
/// @param splits by the name of the split, its annotation files
/// @param pictures where the pictures are, relative to the folder, if the user said so
public record CocoFolder(
    Path root, Map<String, CocoFolder.Annotations> splits, Optional<String> pictures) {
  private static final Pattern FILE = Pattern.compile("(captions|instances)_(.+)\\.json");

  /// The order in which people name splits: train, val, test, then the others.
  private static final Comparator<String> BY_USE =
      Comparator.comparingInt(CocoFolder::rank).thenComparing(Comparator.naturalOrder());

  /// The annotation files of a split, at least one of them.
  ///
  /// @param captions has the captions
  /// @param instances has the objects
  public record Annotations(Optional<Path> captions, Optional<Path> instances) {
    /// The files that are there.
    public List<Path> files() {
      return Stream.of(captions, instances).flatMap(Optional::stream).toList();
    }
  }

  /// Whether a folder looks like one of COCO's. A table beside the annotations wins: whoever wrote
  /// it says what the dataset is.
  public static boolean isOne(Path root) {
    return Files.isDirectory(root.resolve("annotations"))
        && !Files.exists(root.resolve("manifest.csv"))
        && !Files.exists(root.resolve("labels.csv"))
        && !annotations(root).isEmpty();
  }

  /// Looks through a folder.
  public static CocoFolder of(Path root, Optional<String> pictures) {
    Path annotations = root.resolve("annotations");
    if (!Files.isDirectory(annotations)) {
      throw new MmctException("the dataset coco needs a folder " + annotations);
    }
    Map<String, Annotations> splits = annotations(root);
    if (splits.isEmpty()) {
      throw new MmctException(
          annotations + " has neither captions_SPLIT.json nor instances_SPLIT.json");
    }
    return new CocoFolder(root, splits, pictures);
  }

  private static Map<String, Annotations> annotations(Path root) {
    Map<String, Path> captions = new TreeMap<>(BY_USE);
    Map<String, Path> instances = new TreeMap<>(BY_USE);
    for (Path file : list(root.resolve("annotations"))) {
      Matcher name = FILE.matcher(String.valueOf(file.getFileName()));
      if (name.matches()) {
        (name.group(1).equals("captions") ? captions : instances).put(name.group(2), file);
      }
    }
    Map<String, Annotations> splits = new TreeMap<>(BY_USE);
    Stream.of(captions, instances)
        .flatMap(files -> files.keySet().stream())
        .forEach(
            split ->
                splits.put(
                    split,
                    new Annotations(
                        Optional.ofNullable(captions.get(split)),
                        Optional.ofNullable(instances.get(split)))));
    return splits;
  }

  private static int rank(String split) {
    List<String> order = List.of("train", "val", "test");
    for (int i = 0; i < order.size(); i++) {
      if (split.startsWith(order.get(i))) {
        return i;
      }
    }
    return order.size();
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(folder, AtomicFiles.reason(e)), e);
    }
  }

  /// The split that a name means: its own, or `train2017` for `train` where no other year is there.
  Optional<String> split(String name) {
    if (splits.containsKey(name)) {
      return Optional.of(name);
    }
    Pattern ofAYear = Pattern.compile(Pattern.quote(name) + "\\d{4}");
    List<String> years =
        splits.keySet().stream().filter(it -> ofAYear.matcher(it).matches()).toList();
    return years.size() == 1 ? Optional.of(years.getFirst()) : Optional.empty();
  }

  /// The folder that holds a split's pictures.
  ///
  /// @param example one of them, which tells folders apart
  Path picturesOf(String split, Path example) {
    List<Path> candidates = new ArrayList<>();
    if (pictures.isPresent()) {
      Path folder = root.resolve(pictures.get());
      candidates.addAll(List.of(folder.resolve(split), folder));
    } else {
      Path images = root.resolve("images");
      candidates.addAll(List.of(images.resolve(split), root.resolve(split), images));
    }
    List<Path> folders = candidates.stream().filter(Files::isDirectory).toList();
    if (folders.isEmpty()) {
      throw new MmctException(
          "the pictures of split %s are missing: there is no folder %s"
              .formatted(
                  split, String.join(" or ", candidates.stream().map(Path::toString).toList())));
    }
    return folders.stream()
        .filter(it -> Files.exists(NamedFile.of(it, example.toString())))
        .findFirst()
        .orElse(folders.getFirst());
  }
}
