package mmct.api.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;

/// What a checkpoint depends on in its run folder: the lines of its steps, which are on the disk
/// before it is, and what the modalities keep, whose SHA-256 it remembers. Weights that were
/// trained with one vocabulary are never used with another.
///
/// @param run the folder
record FolderCompanions(RunFolder run) implements Checkpoints.Companions {
  /// What the keys of a checkpoint's metadata begin with that name a file of a modality.
  static final String ARTEFACT = "artefact.";

  @Override
  public Map<String, String> settle() {
    run.metrics().force();
    run.skipped().force();
    Map<String, String> digests = new LinkedHashMap<>();
    for (Path modality : modalities()) {
      Checksums.in(modality)
          .read()
          .forEach(
              (name, each) ->
                  digests.put(
                      ARTEFACT + modality.getFileName() + "/" + name, String.join(" ", each)));
    }
    return digests;
  }

  private List<Path> modalities() {
    if (!Files.isDirectory(run.modalities())) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(run.modalities())) {
      return folders.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new MmctException(
          "%s cannot be read: %s".formatted(run.modalities(), AtomicFiles.reason(e)), e);
    }
  }

  @Override
  public void require(Checkpoint checkpoint) {
    checkpoint
        .metadata()
        .forEach(
            (key, digests) -> {
              if (key.startsWith(ARTEFACT)) {
                Path file = run.modalities().resolve(key.substring(ARTEFACT.length()));
                require(file, digests, checkpoint.file());
              }
            });
  }

  private static void require(Path file, String digests, Path checkpoint) {
    if (!Files.exists(file)) {
      throw new MmctException(
          "%s is missing, with which %s was trained".formatted(file, checkpoint));
    }
    if (!List.of(digests.split(" ")).contains(Checksums.of(file))) {
      throw new MmctException(
          "%s is not what %s was trained with: its SHA-256 differs".formatted(file, checkpoint));
    }
  }
}
