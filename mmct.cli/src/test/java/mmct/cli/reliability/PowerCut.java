package mmct.cli.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import mmct.cli.reliability.FaultyFileSystem.Change;

/// What a disk holds if the power is cut at some moment: changes reach it in an order of its own,
/// and only what was forced is sure to be there.
final class PowerCut {
  /// What a file system makes of changes that were not forced.
  enum Model {
    /// Nothing is there but what was forced: content of files, and names whose folder was forced.
    NOTHING,
    /// All names are there, but of the content only what was forced.
    NAMES,
    /// All names are there, and half of the content that was not forced.
    HALF,
    /// Names up to the last time that anything was forced, and forced content: a journal.
    JOURNAL
  }

  /// A file: what was written, and what of it is sure.
  private static final class Node {
    private byte[] written;
    private int size;
    private byte[] sure;

    Node(byte... content) {
      written = content.clone();
      size = content.length;
      sure = content;
    }

    void write(int position, byte... bytes) {
      int end = position + bytes.length;
      if (end > written.length) {
        written = Arrays.copyOf(written, Math.max(end, 2 * written.length));
      }
      System.arraycopy(bytes, 0, written, position, bytes.length);
      size = Math.max(size, end);
    }

    void truncate(long to) {
      int left = (int) Math.min(to, size);
      // What is written later begins with zeros where it begins beyond the end.
      Arrays.fill(written, left, size, (byte) 0);
      size = left;
    }

    void force() {
      sure = Arrays.copyOf(written, size);
    }

    /// What is sure, and half of what was written behind it.
    byte[] half() {
      int more = Math.max(0, size - sure.length) / 2;
      byte[] half = Arrays.copyOf(sure, sure.length + more);
      System.arraycopy(written, sure.length, half, sure.length, more);
      return half;
    }
  }

  private final Model model;
  private final Path root;
  private final Map<Path, Node> names = new HashMap<>();
  private final Map<Path, Node> sureNames = new HashMap<>();
  private final Set<Path> folders = new HashSet<>();
  private final Set<Path> sureFolders = new HashSet<>();
  private Map<Path, Node> journal;

  /// A disk before any change.
  ///
  /// @param root a folder that is there for good
  /// @param before by file, what is there for good
  PowerCut(Model model, Path root, Map<Path, byte[]> before) {
    this.model = model;
    this.root = root;
    folders.add(root);
    before.forEach(
        (file, content) -> {
          names.put(file, new Node(content));
          for (Path folder = file.getParent(); !folder.equals(root); folder = folder.getParent()) {
            folders.add(folder);
            sureFolders.add(folder);
          }
        });
    sureNames.putAll(names);
    journal = new HashMap<>(names);
  }

  /// Makes a change.
  void make(Change change) {
    switch (change) {
      case Change.Create(Path path) -> names.put(path, new Node());
      case Change.Write(Path path, long position, byte[] bytes) ->
          node(path).write(Math.toIntExact(position), bytes);
      case Change.Truncate(Path path, long size) -> node(path).truncate(size);
      case Change.Force(Path path) -> force(path);
      case Change.Move(Path from, Path to) -> move(from, to);
      case Change.Link(Path path, Path file) -> names.put(path, node(file));
      case Change.Delete(Path path) -> {
        names.remove(path);
        folders.remove(path);
      }
      case Change.Folder(Path path) -> folders.add(path);
    }
  }

  private Node node(Path path) {
    return Objects.requireNonNull(names.get(path), () -> "no file " + path);
  }

  private void force(Path path) {
    if (folders.contains(path)) {
      sureNames.keySet().removeIf(name -> path.equals(name.getParent()));
      names.forEach(
          (name, node) -> {
            if (path.equals(name.getParent())) {
              sureNames.put(name, node);
            }
          });
      folders.stream().filter(folder -> path.equals(folder.getParent())).forEach(sureFolders::add);
    } else {
      node(path).force();
    }
    journal = new HashMap<>(names);
  }

  private void move(Path from, Path to) {
    if (folders.contains(from)) {
      throw new IllegalStateException("a folder is moved: " + from);
    }
    names.put(to, Objects.requireNonNull(names.remove(from), () -> "no file " + from));
  }

  /// By file, what is there after the power was cut.
  Map<Path, byte[]> left() {
    Map<Path, Node> there =
        switch (model) {
          case NOTHING -> reachable();
          case NAMES, HALF -> names;
          case JOURNAL -> journal;
        };
    Map<Path, byte[]> left = new TreeMap<>();
    there.forEach((path, node) -> left.put(path, model == Model.HALF ? node.half() : node.sure));
    return left;
  }

  private Map<Path, Node> reachable() {
    Map<Path, Node> reachable = new HashMap<>(sureNames);
    reachable
        .keySet()
        .removeIf(
            path -> {
              for (Path it = path.getParent(); !it.equals(root); it = it.getParent()) {
                if (!sureFolders.contains(it)) {
                  return true;
                }
              }
              return false;
            });
    return reachable;
  }

  /// Writes what is left somewhere else.
  ///
  /// @param from the folder that was written to
  /// @param to the folder that stands for it after the power cut
  static void write(Map<Path, byte[]> left, Path from, Path to) throws IOException {
    for (Map.Entry<Path, byte[]> file : left.entrySet()) {
      Path path = to.resolve(from.relativize(file.getKey()));
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  /// The steps of the checkpoints that were given their names and whose folder was forced since, so
  /// that the run counts on them; empty before the first.
  static List<Path> promised(List<Change> changes) {
    Path last = null;
    boolean forced = false;
    for (Change change : changes) {
      if (change instanceof Change.Move(Path from, Path to)
          && to.getFileName().toString().matches("step-\\d+\\.safetensors")) {
        last = to;
        forced = false;
      } else if (last != null && change instanceof Change.Force(Path path)) {
        forced |= path.equals(last.getParent());
      }
    }
    return forced ? List.of(last) : List.of();
  }
}
