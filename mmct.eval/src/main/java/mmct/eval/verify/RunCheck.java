package mmct.eval.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mmct.api.run.Checkpoints;
import mmct.api.run.RunFolder;

/// Looks at the checkpoints of a run, which depend on other files of it.
final class RunCheck {
  private static final String FOLDER = "checkpoints";

  private RunCheck() {}

  /// The steps of the checkpoints of a folder; none where it is no run.
  static List<Long> steps(Path folder) {
    Path checkpoints = folder.resolve(FOLDER);
    return Files.isDirectory(checkpoints) ? Checkpoints.reading(checkpoints).steps() : List.of();
  }

  /// Opens a checkpoint as the run would: its own SHA-256, its step, and what the modalities keep.
  ///
  /// @return whether the file is one of a run
  /// @throws mmct.api.MmctException where something does not fit
  static boolean open(Path file) {
    Path absolute = file.toAbsolutePath();
    int names = absolute.getNameCount();
    if (names < 3 || !absolute.getName(names - 2).toString().equals(FOLDER)) {
      return false;
    }
    Path run = absolute.resolveSibling("..").normalize();
    String name = absolute.getName(names - 1).toString();
    if (!Files.exists(run.resolve("config.yaml"))) {
      return false;
    }
    Checkpoints checkpoints = RunFolder.reading(run).checkpoints();
    if (name.equals("best.safetensors")) {
      checkpoints.best().orElseThrow().close();
      return true;
    }
    if (!name.matches("step-\\d{9,18}\\.safetensors")) {
      return false;
    }
    checkpoints.at(Long.parseLong(name.replaceAll("\\D", ""))).close();
    return true;
  }
}
