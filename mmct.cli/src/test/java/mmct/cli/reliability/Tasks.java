package mmct.cli.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import mmct.api.spi.Catalogue;
import mmct.cli.reliability.FaultyFileSystem.Change;
import mmct.eval.verify.Finding;
import mmct.eval.verify.Verification;

/// The tasks that are interrupted, and what each leaves when it is not.
///
/// @param temp where their folders are
/// @param finished a run that is finished
record Tasks(Path temp, Catalogue catalogue, Path finished) {
  /// What the program does.
  enum Kind {
    TRAIN,
    TRAIN_PICTURES,
    EXPORT,
    EMBED,
    EVALUATE;

    /// How many changes are tried of those that may be tried of a training: more where a task is
    /// quick, and fewer where it writes much.
    int share(int most) {
      return switch (this) {
        case TRAIN, EXPORT -> most;
        case TRAIN_PICTURES -> Math.max(2, most / 8);
        case EMBED, EVALUATE -> Math.max(most, 100);
      };
    }
  }

  /// Trains the run that the others need.
  static Tasks in(Path temp) {
    Catalogue catalogue = Catalogue.load();
    Path finished = temp.resolve("finished");
    Task.train(Task.WORDS, catalogue).run(finished);
    return new Tasks(temp, catalogue, finished);
  }

  Task task(Kind kind) {
    return switch (kind) {
      case TRAIN -> Task.train(Task.WORDS, catalogue);
      case TRAIN_PICTURES -> Task.train(Task.PICTURES, catalogue);
      case EXPORT -> Task.export(finished, catalogue);
      case EMBED -> Task.embed(finished.resolve("encoders").resolve("caption.onnx"), catalogue);
      case EVALUATE -> Task.evaluate(catalogue);
    };
  }

  /// Makes the folder as the task finds it: empty, or a copy of the finished run.
  Path folder(Kind kind, String name) {
    Path parent = temp.resolve(name + "-" + kind);
    clear(parent);
    // Exported files tell the name of the run's folder.
    Path folder = parent.resolve("run");
    try {
      Files.createDirectories(parent);
      if (kind == Kind.EVALUATE) {
        copy(finished, folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  private static void clear(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }

  /// What a task changes when nothing goes wrong, and what it leaves.
  ///
  /// @param folder where it did
  /// @param before by file below the folder, what was there before
  record Reference(
      Path folder, Map<Path, byte[]> before, List<Change> changes, Map<String, String> contents) {
    /// How a change is spoken of.
    ///
    /// @param change counted from 1
    String at(int change) {
      Change it = changes.get(change - 1);
      return "change %d (%s %s)"
          .formatted(change, it.getClass().getSimpleName(), folder.relativize(it.path()));
    }

    /// Some numbers of changes, counted from 1: all, or so many that are spread over them.
    Set<Integer> some(int most) {
      Set<Integer> some = new TreeSet<>();
      int count = Math.min(most, changes.size());
      for (int i = 0; i < count; i++) {
        some.add(1 + (int) ((long) i * changes.size() / count));
      }
      return some;
    }
  }

  /// Does a task on a disk that works.
  Reference reference(Kind kind) {
    Path folder = folder(kind, "reference");
    Map<Path, byte[]> before = new TreeMap<>();
    for (Path file : Contents.files(folder)) {
      try {
        before.put(file, Files.readAllBytes(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    Disks.Recording disk = new Disks.Recording();
    task(kind).run(FaultyFileSystem.path(folder, disk));
    if (disk.changes().isEmpty()) {
      throw new IllegalStateException(kind + " writes past the disk, so nothing would be tried");
    }
    return new Reference(folder, before, disk.changes(), Contents.of(folder));
  }

  /// Starts an interrupted task again.
  ///
  /// @return how what it leaves differs from what it leaves when it is not interrupted
  List<String> goOn(Kind kind, Path folder, Reference reference, String after) {
    try {
      // Waiting for the disk proves nothing, and takes the longest.
      task(kind).run(FaultyFileSystem.path(folder, change -> {}));
    } catch (RuntimeException e) {
      return List.of("cannot go on after %s: %s".formatted(after, e));
    }
    List<String> differences = new ArrayList<>();
    for (Finding finding : Verification.of(folder)) {
      if (finding.state() == Finding.State.DAMAGED) {
        differences.add("%s is damaged in the end, after %s".formatted(finding.file(), after));
      }
    }
    Map<String, String> contents = Contents.of(folder);
    Set<String> files = new TreeSet<>(contents.keySet());
    files.addAll(reference.contents().keySet());
    for (String file : files) {
      String expected = String.valueOf(reference.contents().get(file));
      String actual = String.valueOf(contents.get(file));
      if (!expected.equals(actual)) {
        differences.add(
            "%s differs after %s: %s".formatted(file, after, difference(expected, actual)));
      }
    }
    return differences;
  }

  private static String difference(String expected, String actual) {
    int at = 0;
    while (at < Math.min(expected.length(), actual.length())
        && expected.charAt(at) == actual.charAt(at)) {
      at++;
    }
    return "'%s' for '%s'".formatted(excerpt(actual, at), excerpt(expected, at));
  }

  private static String excerpt(String text, int at) {
    return text.substring(Math.max(0, at - 30), Math.min(text.length(), at + 60));
  }
}
