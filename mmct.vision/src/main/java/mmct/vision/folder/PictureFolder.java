package mmct.vision.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.io.AtomicFiles;
import mmct.vision.source.Fingerprint;
import mmct.vision.source.SplitSource;
import mmct.vision.source.Wanted;

/// A folder of pictures as `SPLIT/CLASS/FILE`, in the order of their names.
public final class PictureFolder {
  private final Path root;
  private final List<String> endings;
  private final Wanted wanted;
  private final Fingerprint fingerprint = new Fingerprint();

  private PictureFolder(Path root, List<String> endings, Wanted wanted) {
    this.root = root;
    this.endings = endings.stream().map(it -> "." + it.toLowerCase(Locale.ROOT)).toList();
    this.wanted = wanted;
  }

  /// Whether a folder looks like one: some folder in it has a folder in it, and nothing beside them
  /// says that the dataset is of another format.
  public static boolean isOne(Path root) {
    if (!Files.isDirectory(root) || Files.exists(root.resolve("annotations"))) {
      return false;
    }
    List<Path> inside = list(root, it -> true);
    return inside.stream().noneMatch(it -> it.toString().endsWith(".csv"))
        && inside.stream()
            .filter(Files::isDirectory)
            .anyMatch(split -> !list(split, Files::isDirectory).isEmpty());
  }

  /// Opens a folder.
  ///
  /// @param endings of the names of pictures
  public static DataSource open(Path root, List<String> endings, Wanted wanted) {
    if (!Files.isDirectory(root)) {
      throw new MmctException("the dataset image-folder needs a folder but was given " + root);
    }
    return new PictureFolder(root, endings, wanted).read();
  }

  private DataSource read() {
    Map<String, Dataset> splits = new LinkedHashMap<>();
    for (Path split : list(root, Files::isDirectory)) {
      List<Sample> samples = new ArrayList<>();
      for (Path label : list(split, Files::isDirectory)) {
        list(label, this::isPicture).forEach(file -> samples.add(sample(file, name(label))));
      }
      if (!samples.isEmpty()) {
        splits.put(name(split), new InMemoryDataset(samples));
      }
    }
    if (splits.isEmpty()) {
      throw new MmctException(
          "%s has no pictures as SPLIT/CLASS/FILE; the names of pictures end in %s"
              .formatted(root, String.join(", ", endings)));
    }
    return new SplitSource("image-folder " + root, splits, fingerprint.hex());
  }

  private boolean isPicture(Path file) {
    String name = name(file).toLowerCase(Locale.ROOT);
    return endings.stream().anyMatch(name::endsWith) && Files.isRegularFile(file);
  }

  private Sample sample(Path file, String label) {
    // The id has the split in it: files of different splits may have one name.
    String id = root.relativize(file).toString().replace('\\', '/');
    fingerprint.add(id).add(Long.toString(size(file)));
    Map<String, Cell> cells = new LinkedHashMap<>();
    wanted.pictures().forEach(modality -> cells.put(modality, new Cell.File(file)));
    wanted.labels().forEach(modality -> cells.put(modality, Cell.Strings.of(label)));
    return new Sample(id, cells, Optional.of(label));
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  private static List<Path> list(Path folder, Predicate<Path> which) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(which).sorted().toList();
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(folder, AtomicFiles.reason(e)), e);
    }
  }
}
