package mmct.api.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import mmct.api.MmctException;

/// Small named files that belong to a part of a run.
public interface ArtefactStore {
  /// The content of a file, or empty where it has not been written.
  Optional<byte[]> read(String name);

  /// Writes a file whole or not at all.
  void write(String name, byte[] content);

  /// The names of the files that have been written, in order.
  List<String> names();

  /// A store that lives as long as the process.
  static ArtefactStore inMemory() {
    Map<String, byte[]> files = new ConcurrentHashMap<>();
    return new ArtefactStore() {
      @Override
      public Optional<byte[]> read(String name) {
        return Optional.ofNullable(files.get(name)).map(byte[]::clone);
      }

      @Override
      public List<String> names() {
        return files.keySet().stream().sorted().toList();
      }

      @Override
      public void write(String name, byte[] content) {
        files.put(name, content.clone());
      }
    };
  }

  /// A store in a folder, which is created with the first file.
  static ArtefactStore folder(Path folder) {
    return new ArtefactStore() {
      @Override
      public Optional<byte[]> read(String name) {
        Path file = folder.resolve(name);
        try {
          return Files.exists(file)
              ? Optional.of(Files.readAllBytes(RegularFiles.require(file)))
              : Optional.empty();
        } catch (IOException e) {
          throw new MmctException(file + " cannot be read: " + e.getMessage(), e);
        }
      }

      @Override
      public List<String> names() {
        if (!Files.isDirectory(folder)) {
          return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
          return files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.endsWith(AtomicFiles.UNFINISHED))
              .sorted()
              .toList();
        } catch (IOException e) {
          throw new MmctException(folder + " cannot be read: " + e.getMessage(), e);
        }
      }

      @Override
      public void write(String name, byte[] content) {
        AtomicFiles.write(folder.resolve(name), content);
      }
    };
  }
}
