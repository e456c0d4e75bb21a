package mmct.api.training;

import java.nio.file.Path;
import java.util.List;

/// How a run is started.
///
/// @param folder the run folder
/// @param resume whether the folder's run is continued; otherwise the folder must not hold one
/// @param device `cpu`, `gpu` or `auto`
/// @param command the words the user typed, for the run's record
public record RunRequest(Path folder, boolean resume, String device, List<String> command) {
  /// Copies the words.
  public RunRequest {
    command = List.copyOf(command);
  }
}
