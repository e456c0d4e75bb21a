package mmct.eval.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mmct.api.io.Checksums;

/// What belongs to a file that is looked at alone.
final class Belongings {
  private Belongings() {}

  /// The file, and those that it is of no use without: the files that a list of checksums names,
  /// the sidecar of an encoder, which row of features is which item's.
  static List<Path> of(Path file) {
    List<Path> files = new ArrayList<>(List.of(file));
    if (RecordedDigests.isList(file)) {
      readable(file).forEach(name -> files.add(file.resolveSibling(name)));
    }
    for (String ending : List.of(".yaml", ".ids.csv", ".sha256")) {
      Path beside = file.resolveSibling(Objects.requireNonNull(file.getFileName()) + ending);
      if (Files.exists(beside)) {
        files.add(beside);
      }
    }
    return files;
  }

  private static Iterable<String> readable(Path list) {
    try {
      return Checksums.at(list).read().keySet();
    } catch (mmct.api.MmctException e) {
      // Told of the list itself.
      return List.of();
    }
  }
}
