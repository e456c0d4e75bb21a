package mmct.vision.folder;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.vision.folder.PassedOver.Reason;

/// Goes through a folder and all in it, and finds its pictures.
final class FolderScan extends SimpleFileVisitor<Path> {
  private static final Set<String> OF_SYSTEMS =
      Set.of(
          "__macosx",
          "thumbs.db",
          "desktop.ini",
          "$recycle.bin",
          "system volume information",
          "@eadir",
          "lost+found");

  /// Name by name, as a file browser sorts: `cat` with all in it comes before `cat-2`.
  private static final Comparator<Path> BY_NAMES =
      (a, b) -> {
        for (int i = 0; i < Math.min(a.getNameCount(), b.getNameCount()); i++) {
          int order = a.getName(i).compareTo(b.getName(i));
          if (order != 0) {
            return order;
          }
        }
        return Integer.compare(a.getNameCount(), b.getNameCount());
      };

  private final Path root;
  private final List<String> endings;
  private final PassedOver passedOver;
  private final List<Path> pictures = new ArrayList<>();

  /// By open folder, how many pictures there were when it was opened.
  private final Deque<Integer> before = new ArrayDeque<>();

  private FolderScan(Path root, List<String> endings, PassedOver passedOver) {
    this.root = root;
    this.endings = endings;
    this.passedOver = passedOver;
  }

  /// The pictures of a folder relative to it, in the order of their names.
  ///
  /// @param endings of pictures' names, in lower case, with the dot
  /// @param passedOver takes what is no picture
  static List<Path> pictures(Path root, List<String> endings, PassedOver passedOver) {
    FolderScan scan = new FolderScan(root, endings, passedOver);
    try {
      Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, scan);
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(root, AtomicFiles.reason(e)), e);
    }
    scan.pictures.sort(BY_NAMES);
    return scan.pictures;
  }

  /// Whether a name is one that people do not see: of a checkpoint, a repository, a system.
  static boolean isHidden(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.startsWith(".") || OF_SYSTEMS.contains(name.toLowerCase(Locale.ROOT));
  }

  /// Whether a name is that of a picture.
  static boolean isNamedPicture(Path path, List<String> endings) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    return endings.stream().anyMatch(name::endsWith);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    if (!folder.equals(root) && isHidden(folder)) {
      passedOver.add(Reason.HIDDEN, relative(folder));
      return FileVisitResult.SKIP_SUBTREE;
    }
    before.push(pictures.size());
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(
      Path folder, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (before.pop() == pictures.size() && !folder.equals(root)) {
      passedOver.add(Reason.EMPTY, relative(folder));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (isHidden(file)) {
      passedOver.add(Reason.HIDDEN, relative(file));
    } else if (!isNamedPicture(file, endings)) {
      passedOver.add(Reason.ENDING, relative(file));
    } else if (!attributes.isRegularFile()) {
      passedOver.add(Reason.IRREGULAR, relative(file));
    } else {
      pictures.add(root.relativize(file));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
    if (failure instanceof FileSystemLoopException) {
      passedOver.add(Reason.LOOP, relative(file));
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }

  private String relative(Path path) {
    return root.relativize(path).toString().replace('\\', '/');
  }
}
