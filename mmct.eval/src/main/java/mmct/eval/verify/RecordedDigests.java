package mmct.eval.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;

/// The checksums of the files of a folder that stand in files beside them: `SHA256SUMS`, and
/// `FILE.sha256` of features.
///
/// @param folder the folder
/// @param lists by the name of a file of checksums, its lines
record RecordedDigests(Path folder, Map<String, Map<String, Set<String>>> lists) {
  /// Those of a folder. A file of checksums that cannot be read holds none; that is told of itself.
  static RecordedDigests in(Path folder) {
    Map<String, Map<String, Set<String>>> lists = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(RecordedDigests::isList).sorted().toList()) {
        try {
          lists.put(String.valueOf(file.getFileName()), Checksums.at(file).read());
        } catch (MmctException e) {
          // Told when that file is looked at.
        }
      }
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(folder, AtomicFiles.reason(e)), e);
    }
    return new RecordedDigests(folder, lists);
  }

  /// Those of the folder of a file.
  static RecordedDigests beside(Path file) {
    Path folder = file.getParent();
    return in(folder == null ? Path.of("") : folder);
  }

  /// Whether a file is one of checksums.
  static boolean isList(Path file) {
    String name = String.valueOf(file.getFileName());
    return (name.equals(Checksums.FILE) || name.endsWith(".sha256")) && Files.isRegularFile(file);
  }

  /// The files that are listed and not there, and by what.
  Map<Path, String> missing() {
    Map<Path, String> missing = new LinkedHashMap<>();
    lists.forEach(
        (list, lines) ->
            lines.keySet().stream()
                .map(folder::resolve)
                .filter(file -> !Files.exists(file))
                .forEach(file -> missing.put(file, list)));
    return missing;
  }

  /// Compares a file with all that is recorded of it.
  ///
  /// @return the files of checksums that list it
  /// @throws MmctException where it differs
  List<String> compare(Path file) {
    String name = String.valueOf(file.getFileName());
    List<String> agreeing = new ArrayList<>();
    String digest = "";
    for (Map.Entry<String, Map<String, Set<String>>> list : lists.entrySet()) {
      Set<String> expected = list.getValue().get(name);
      if (expected == null) {
        continue;
      }
      digest = digest.isEmpty() ? Checksums.of(file) : digest;
      if (!expected.contains(digest)) {
        throw new MmctException("its SHA-256 is not that in " + list.getKey());
      }
      agreeing.add(list.getKey());
    }
    return agreeing;
  }
}
