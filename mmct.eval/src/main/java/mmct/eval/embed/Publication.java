package mmct.eval.embed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;

/// The last act of an embedding: its files, which are whole and on the disk, get their names one
/// after the other. A process that is killed meanwhile leaves some with their names and others
/// without, and the milestone, which says what each must hold.
///
/// @param target where the files go
/// @param end the milestone with the digests of the files, which has been written
record Publication(EmbeddingTarget target, Milestone end) {
  /// Gives the files their names and takes the milestone away.
  void publish() {
    Map<String, Set<String>> digests = new TreeMap<>();
    List<Path> files = target.files();
    for (int i = 0; i < files.size(); i++) {
      digests.put(String.valueOf(files.get(i).getFileName()), Set.of(end.digests().get(i)));
    }
    Checksums.at(target.checksums()).write(digests);
    for (Path file : files) {
      Path unfinished = GrowingFile.unfinished(file);
      if (Files.exists(unfinished)) {
        EmbeddingTarget.requireNone(file);
        AtomicFiles.move(unfinished, file);
      }
    }
    AtomicFiles.delete(target.milestone());
  }

  /// Goes on where another process was killed.
  ///
  /// @return whether every file was there, under the one name or the other, and nothing else under
  ///     its final name
  /// @throws mmct.api.MmctException where another process is at it
  boolean goOn() {
    List<GrowingFile> left = new ArrayList<>();
    try {
      for (Path file : target.files()) {
        if (Files.exists(GrowingFile.unfinished(file))) {
          left.add(new GrowingFile(file));
        }
      }
      if (!allAreThere(left)) {
        return false;
      }
      publish();
      return true;
    } finally {
      left.forEach(GrowingFile::close);
    }
  }

  private boolean allAreThere(List<GrowingFile> left) {
    List<Path> files = target.files();
    if (files.size() != end.digests().size()) {
      return false;
    }
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      String digest =
          left.stream()
              .filter(it -> it.target().equals(file))
              .findFirst()
              .map(GrowingFile::digest)
              .orElseGet(() -> Files.isRegularFile(file) ? Checksums.of(file) : "");
      boolean twice = Files.exists(file) && Files.exists(GrowingFile.unfinished(file));
      if (twice || !digest.equals(end.digests().get(i))) {
        return false;
      }
    }
    return true;
  }
}
