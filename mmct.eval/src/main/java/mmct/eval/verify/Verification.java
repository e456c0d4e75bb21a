package mmct.eval.verify;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.run.RunFolder;
import mmct.eval.verify.Finding.State;

/// Compares files with the checksums that were written with them, without a network and without
/// running anything: a run folder, any other folder, or one file and what belongs to it.
public final class Verification {
  private static final String LOCK = ".lock";

  private Verification() {}

  /// Looks at a run folder, another folder or a file.
  ///
  /// @return one finding for each file
  /// @throws MmctException where there is no such place, or nothing in it
  public static List<Finding> of(Path place) {
    if (!Files.exists(place)) {
      throw new MmctException("there is no file or folder " + place);
    }
    if (Files.isDirectory(place)) {
      return folder(place);
    }
    List<Finding> findings = new ArrayList<>();
    for (Path file : Belongings.of(place)) {
      findings.add(FileCheck.of(file, RecordedDigests.beside(file)));
    }
    return findings;
  }

  private static List<Finding> folder(Path folder) {
    List<Finding> findings = new ArrayList<>();
    for (Path part : folders(folder)) {
      RecordedDigests recorded = RecordedDigests.in(part);
      recorded
          .missing()
          .forEach(
              (file, by) ->
                  findings.add(
                      new Finding(
                          file, State.DAMAGED, "is missing, but %s lists it".formatted(by))));
      for (Path file : files(part)) {
        if (!String.valueOf(file.getFileName()).equals(LOCK)) {
          look(file, recorded).ifPresent(findings::add);
        }
      }
    }
    missing(folder, findings);
    if (findings.isEmpty()) {
      throw new MmctException("there is no file in the folder " + folder);
    }
    return findings;
  }

  /// Looks at a file of a folder that a process may be writing: what it has taken away is no
  /// finding, and what it has replaced is compared with the checksums of now.
  private static Optional<Finding> look(Path file, RecordedDigests recorded) {
    RecordedDigests known = recorded;
    while (true) {
      Finding finding = FileCheck.of(file, known);
      if (finding.state() != State.DAMAGED) {
        return Optional.of(finding);
      }
      RecordedDigests now = RecordedDigests.in(recorded.folder());
      if (now.equals(known)) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
            ? Optional.of(finding)
            : Optional.empty();
      }
      known = now;
    }
  }

  /// The folder and those below, in order.
  private static List<Path> folders(Path folder) {
    List<Path> folders = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
              folders.add(each);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException reason)
                throws IOException {
              if (reason instanceof NoSuchFileException && !file.equals(folder)) {
                return FileVisitResult.CONTINUE;
              }
              throw reason;
            }
          });
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(folder, AtomicFiles.reason(e)), e);
    }
    return folders.stream().sorted().toList();
  }

  /// The files directly in a folder, in order.
  private static List<Path> files(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(it -> !Files.isDirectory(it)).sorted().toList();
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(folder, AtomicFiles.reason(e)), e);
    }
  }

  /// Adds what a run cannot do without.
  private static void missing(Path folder, List<Finding> findings) {
    Path config = folder.resolve("config.yaml");
    Path record = folder.resolve("run.json");
    boolean saved = !RunCheck.steps(folder).isEmpty();
    if ((saved || Files.exists(record)) && !Files.exists(config)) {
      addIfNew(findings, new Finding(config, State.DAMAGED, "is missing, but this is a run"));
    }
    if (saved && !Files.exists(record)) {
      addIfNew(
          findings, new Finding(record, State.DAMAGED, "is missing, but the run has checkpoints"));
    }
    if (Files.exists(config) && Files.exists(record) && !saved && ended(folder)) {
      findings.add(
          new Finding(
              folder.resolve("checkpoints"), State.DAMAGED, "has none, but the run is finished"));
    }
  }

  /// A list of checksums may have told of the file already.
  private static void addIfNew(List<Finding> findings, Finding finding) {
    if (findings.stream().noneMatch(it -> it.file().equals(finding.file()))) {
      findings.add(finding);
    }
  }

  private static boolean ended(Path folder) {
    try {
      return "finished".equals(RunFolder.reading(folder).record().get("status"));
    } catch (MmctException e) {
      // That is told of the record itself.
      return false;
    }
  }
}
