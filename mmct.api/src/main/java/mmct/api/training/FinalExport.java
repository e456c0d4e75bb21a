package mmct.api.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.io.Folders;
import mmct.api.run.RunFolder;
import mmct.api.spi.Exporter;
import mmct.api.spi.ExporterProvider;
import mmct.api.spi.TrainedEncoder;

/// The last act of a run: its encoders leave as files that need no run. Whatever goes wrong here,
/// the run is finished and its checkpoints are whole, so a failure is no more than a warning.
///
/// @param resolution of the run
/// @param progress hears what is written, and what goes wrong
record FinalExport(Resolution resolution, Progress progress) {
  private static final String NONE = "none";

  /// Refuses an exporter that nobody provides, before anything is trained. Where there are no
  /// exporters at all, as in a program of somebody's own, there is none to be named.
  static void requireKnown(Resolution resolution) {
    name(resolution)
        .ifPresent(
            name ->
                Resolution.located(
                    resolution.settings(), "export", () -> resolution.catalogue().exporter(name)));
  }

  private static Optional<String> name(Resolution resolution) {
    boolean any = !resolution.catalogue().exporters().isEmpty();
    return Optional.of(resolution.config().export()).filter(name -> any && !name.equals(NONE));
  }

  /// Writes the encoders of the newest checkpoint. They are opened anew, on the CPU, as every later
  /// export opens them.
  void into(RunFolder folder) {
    Optional<String> name = name(resolution);
    if (name.isEmpty()) {
      return;
    }
    try (TrainedRun run =
        TrainedRun.open(folder.path(), resolution.catalogue(), "cpu", note -> {})) {
      Exporter exporter = create(resolution.catalogue().exporter(name.get()));
      Folders.create(folder.encoders());
      run.encoders(EncoderChoice.usual()).forEach(encoder -> export(encoder, exporter, folder));
    } catch (RuntimeException | IOException e) {
      warn("the encoders are", e, folder);
    }
  }

  private void export(TrainedEncoder encoder, Exporter exporter, RunFolder folder) {
    try {
      List<Path> written = exporter.export(encoder, folder.encoders());
      progress.note("exported   %s: %s".formatted(encoder.describe(), written.getFirst()));
    } catch (RuntimeException e) {
      warn("the encoder of %s is".formatted(encoder.modality()), e, folder);
    }
  }

  private void warn(String what, Exception failure, RunFolder folder) {
    String reason =
        failure instanceof MmctException
            ? String.valueOf(failure.getMessage())
            : failure.toString();
    progress.warning(
        "%s not exported, but the run is whole (mmct export --run %s tries again): %s"
            .formatted(what, folder.path(), reason.replaceAll("\\s*\\R\\s*", " ")));
  }

  private <O extends Record> Exporter create(ExporterProvider<O> provider) {
    return provider.create(Settings.empty().bind(provider.options()), resolution.catalogue());
  }
}
