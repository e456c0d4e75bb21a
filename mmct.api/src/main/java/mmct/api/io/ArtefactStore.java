package mmct.api.io;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Small named files that belong to a part of a run.
public interface ArtefactStore {
  /// The content of a file, or empty where it has not been written.
  ///
  /// @throws mmct.api.MmctException where it is not what was written
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

  /// A store in a folder, which is created with the first file. Beside the files stands their
  /// [Checksums], and a file that differs from its line there is not read.
  static ArtefactStore folder(Path folder) {
    return new FolderStore(folder);
  }
}
