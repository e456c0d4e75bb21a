package mmct.eval.embed;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// The files of an embedding while they grow, side by side.
///
/// @param all in the order of [EmbeddingTarget#files]
record RowFiles(List<RowFile> all) implements AutoCloseable {
  /// Opens what is there of the files, or makes them.
  ///
  /// @param width the width of a row
  /// @throws mmct.api.MmctException where another process is writing one
  static RowFiles open(EmbeddingTarget target, int width) {
    List<RowFile> files = new ArrayList<>();
    try {
      files.add(new ItemFile(new GrowingFile(target.items())));
      for (EmbeddingTarget.Format format : EnumSet.copyOf(target.formats())) {
        GrowingFile file = new GrowingFile(target.features(format));
        files.add(
            switch (format) {
              case NPY -> new NpyFile(file, width);
              case CSV -> new CsvFile(file, width);
            });
      }
      return new RowFiles(files);
    } catch (RuntimeException e) {
      files.forEach(RowFile::close);
      throw e;
    }
  }

  /// Whether the files hold what the milestone says; what they hold beyond it is taken back.
  boolean fit(Milestone left) {
    List<Long> bytes = left.bytes();
    if (bytes.size() != all.size()) {
      return false;
    }
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).file().size() < bytes.get(i)) {
        return false;
      }
    }
    for (int i = 0; i < all.size(); i++) {
      all.get(i).file().keep(bytes.get(i));
    }
    return true;
  }

  /// Begins the files anew.
  void start() {
    for (RowFile file : all) {
      file.file().keep(0);
      file.start();
    }
  }

  /// Writes some rows behind those that are there.
  void append(RowFile.Rows rows) {
    all.forEach(file -> file.append(rows));
  }

  /// Makes sure that everything written is on the disk.
  void force() {
    all.forEach(file -> file.file().force());
  }

  /// The bytes of each file.
  List<Long> lengths() {
    return all.stream().map(file -> file.file().size()).toList();
  }

  /// Writes what can only be written when all rows are there, and forces everything.
  ///
  /// @return the SHA-256 of each file
  List<String> complete(long rows) {
    all.forEach(file -> file.complete(rows));
    force();
    return all.stream().map(file -> file.file().digest()).toList();
  }

  /// Removes the unfinished files.
  void discard() {
    all.forEach(file -> file.file().discard());
  }

  @Override
  public void close() {
    all.forEach(RowFile::close);
  }
}
