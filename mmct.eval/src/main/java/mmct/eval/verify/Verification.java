package mmct.eval.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  /// @throws MmctException where there is no such place
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
    for (Path part : inside(folder, true)) {
      RecordedDigests recorded = RecordedDigests.in(part);
      recorded
          .missing()
          .forEach(
              (file, by) ->
                  findings.add(
                      new Finding(
                          file, State.DAMAGED, "is missing, but %s lists it".formatted(by))));
      for (Path file : inside(part, false)) {
        if (!String.valueOf(file.getFileName()).equals(LOCK)) {
          findings.add(FileCheck.of(file, recorded));
        }
      }
    }
    missing(folder, findings);
    return findings;
  }

  /// The folder and those below, or the files directly in it, in order.
  private static List<Path> inside(Path folder, boolean folders) {
    try (Stream<Path> all = Files.walk(folder, folders ? Integer.MAX_VALUE : 1)) {
      return all.filter(
              it ->
                  folders
                      ? Files.isDirectory(it, LinkOption.NOFOLLOW_LINKS)
                      : !Files.isDirectory(it))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(folder, AtomicFiles.reason(e)), e);
    } catch (UncheckedIOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /// Adds what a run cannot do without.
  private static void missing(Path folder, List<Finding> findings) {
    Path config = folder.resolve("config.yaml");
    Path record = folder.resolve("run.json");
    boolean saved = !RunCheck.steps(folder).isEmpty();
    if ((saved || Files.exists(record)) && !Files.exists(config)) {
      findings.add(new Finding(config, State.DAMAGED, "is missing, but this is a run"));
    }
    if (saved && !Files.exists(record)) {
      findings.add(new Finding(record, State.DAMAGED, "is missing, but the run has checkpoints"));
    }
    if (Files.exists(config) && Files.exists(record) && !saved && ended(folder)) {
      findings.add(
          new Finding(
              folder.resolve("checkpoints"), State.DAMAGED, "has none, but the run is finished"));
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
