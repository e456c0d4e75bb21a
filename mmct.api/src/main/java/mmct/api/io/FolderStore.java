package mmct.api.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import mmct.api.MmctException;

/// Small named files in a folder, and the checksums of all of them.
///
/// @param folder is created with the first file
record FolderStore(Path folder) implements ArtefactStore {
  @Override
  public Optional<byte[]> read(String name) {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    byte[] content;
    try {
      content = Files.readAllBytes(RegularFiles.require(file));
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
    requireIntact(name, content);
    return Optional.of(content);
  }

  /// A folder of an earlier version has no checksums; in one that has, every file has a line.
  private void requireIntact(String name, byte[] content) {
    Checksums checksums = Checksums.in(folder);
    Set<String> expected = checksums.read().getOrDefault(name, Set.of());
    if (checksums.exist() && !expected.contains(Checksums.of(content))) {
      throw new MmctException(
          "%s is damaged or was changed: its SHA-256 is not in %s"
              .formatted(folder.resolve(name), Checksums.FILE));
    }
  }

  @Override
  public List<String> names() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.endsWith(AtomicFiles.UNFINISHED) && !name.equals(Checksums.FILE))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(folder, AtomicFiles.reason(e)), e);
    }
  }

  @Override
  public void write(String name, byte[] content) {
    if (name.equals(Checksums.FILE)) {
      throw new IllegalArgumentException("the name '" + name + "' is taken");
    }
    Checksums checksums = Checksums.in(folder);
    if (!checksums.exist() && !names().isEmpty()) {
      Map<String, Set<String>> digests = new TreeMap<>();
      names().forEach(it -> digests.put(it, Set.of(Checksums.of(folder.resolve(it)))));
      checksums.write(digests);
    }
    checksums.writeFile(name, content);
  }
}
