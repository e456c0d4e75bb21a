package mmct.vision.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.data.WrittenText;
import mmct.api.io.AtomicFiles;
import mmct.vision.FolderOptions;
import mmct.vision.folder.PassedOver.Reason;
import mmct.vision.source.Fingerprint;
import mmct.vision.source.SplitSource;
import mmct.vision.source.Wanted;

/// A folder of pictures, in the order of their names, or one picture.
public final class PictureFolder {
  /// Names that are looked at before a folder is said to have no pictures.
  private static final int MOST_NAMES = 10_000;

  private final Path root;
  private final FolderOptions options;
  private final List<String> endings;
  private final Wanted wanted;
  private final PassedOver passedOver = new PassedOver();
  private final Fingerprint fingerprint = new Fingerprint();

  private PictureFolder(Path root, FolderOptions options, Wanted wanted) {
    this.root = root;
    this.options = options;
    this.endings = dotted(options.endings());
    this.wanted = wanted;
  }

  private static List<String> dotted(List<String> endings) {
    return endings.stream()
        .map(it -> it.toLowerCase(Locale.ROOT))
        .map(it -> it.startsWith(".") ? it : "." + it)
        .toList();
  }

  /// Whether a path looks like one: it is a picture by its name, or a folder with such a file in it
  /// or in the folders in it, and nothing beside them says that the dataset is of another format.
  ///
  /// @param endings of the names of pictures
  public static boolean isOne(Path root, List<String> endings) {
    List<String> dotted = dotted(endings);
    if (!Files.isDirectory(root)) {
      return Files.isRegularFile(root) && FolderScan.isNamedPicture(root, dotted);
    }
    if (Files.exists(root.resolve("annotations"))) {
      return false;
    }
    List<Path> inside = list(root);
    return inside.stream().noneMatch(it -> it.toString().toLowerCase(Locale.ROOT).endsWith(".csv"))
        && hasPicture(inside, dotted);
  }

  /// Looks at names, folder by folder from the top, until there is a picture.
  private static boolean hasPicture(List<Path> inside, List<String> endings) {
    Deque<Path> ahead = new ArrayDeque<>(inside);
    int looked = 0;
    while (!ahead.isEmpty() && looked++ < MOST_NAMES) {
      Path path = ahead.removeFirst();
      if (FolderScan.isHidden(path)) {
        continue;
      }
      if (Files.isDirectory(path)) {
        ahead.addAll(ahead.size() < MOST_NAMES && Files.isReadable(path) ? list(path) : List.of());
      } else if (FolderScan.isNamedPicture(path, endings)) {
        return true;
      }
    }
    return false;
  }

  /// Opens a folder or a picture.
  public static DataSource open(Path root, FolderOptions options, Wanted wanted) {
    if (!Files.exists(root)) {
      throw new MmctException(
          "the dataset image-folder needs a folder or a picture but there is nothing at " + root);
    }
    return new PictureFolder(root, options, wanted).read();
  }

  private DataSource read() {
    boolean single = !Files.isDirectory(root);
    List<Path> pictures =
        single ? List.of(root.getFileName()) : FolderScan.pictures(root, endings, passedOver);
    if (pictures.isEmpty()) {
      throw new MmctException(
          "%s has no pictures; the names of pictures end in %s%s"
              .formatted(root, String.join(", ", endings), found()));
    }
    Arrangement arrangement = Arrangement.of(options.layout(), pictures);
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    for (Path picture : pictures) {
      Optional<Arrangement.Place> place = arrangement.place(picture);
      if (place.isEmpty()) {
        passedOver.add(Reason.BESIDE, id(picture));
      } else {
        samples
            .computeIfAbsent(place.get().split(), it -> new ArrayList<>())
            .add(sample(picture, place.get().label()));
      }
    }
    if (samples.isEmpty()) {
      throw new MmctException(
          "%s has no pictures as %s (data.options.layout)".formatted(root, arrangement.words()));
    }
    Map<String, Dataset> splits = new LinkedHashMap<>();
    samples.forEach((split, some) -> splits.put(split, new InMemoryDataset(some)));
    String name = (single ? "picture " : "image-folder ") + root + as(arrangement);
    return new SplitSource(name, splits, fingerprint.hex(), remark(), passedOver.sentences());
  }

  private String remark() {
    long total = passedOver.total();
    return total == 0 ? "" : "; %d passed over, which data check names".formatted(total);
  }

  private String found() {
    List<String> sentences = passedOver.sentences();
    return sentences.isEmpty() ? "" : "; it has " + String.join("; ", sentences);
  }

  /// The usual arrangement needs no words.
  private String as(Arrangement arrangement) {
    return arrangement.layout() == FolderOptions.Layout.SPLIT_CLASS || !Files.isDirectory(root)
        ? ""
        : " as " + arrangement.words();
  }

  private Sample sample(Path picture, Optional<String> folder) {
    // The id has the split in it: files of different splits may have one name.
    String id = id(picture);
    Path file = Files.isDirectory(root) ? root.resolve(picture) : root;
    Optional<String> label = folder.map(WrittenText::name);
    fingerprint.add(id).add(Long.toString(size(file)));
    Map<String, Cell> cells = new LinkedHashMap<>();
    wanted.pictures().forEach(modality -> cells.put(modality, new Cell.File(file)));
    label.ifPresent(
        it -> wanted.labels().forEach(modality -> cells.put(modality, Cell.Strings.of(it))));
    return new Sample(id, cells, label);
  }

  private static String id(Path picture) {
    return WrittenText.composed(picture.toString().replace('\\', '/'));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(folder, AtomicFiles.reason(e)), e);
    }
  }
}
