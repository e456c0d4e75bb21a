package mmct.api.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import mmct.api.config.Settings;
import mmct.api.io.Folders;
import mmct.api.run.RunFolder;
import mmct.api.spi.Exporter;
import mmct.api.spi.ExporterProvider;
import mmct.api.spi.TrainedEncoder;

/// The last act of a run: its encoders leave as files that need no run. Whatever goes wrong here,
/// the checkpoints are whole and the run can go on to export again, but it has not done all that it
/// was asked for.
///
/// @param resolution of the run
/// @param progress hears what is written, and what goes wrong
/// @param stop whether the run is to end before all encoders are written
record FinalExport(Resolution resolution, Progress progress, BooleanSupplier stop) {
  private static final String NONE = "none";

  /// What came of it.
  ///
  /// @param failures a sentence on everything that could not be exported
  /// @param stopped whether it was stopped before all were written
  record Result(List<String> failures, boolean stopped) {}

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

  /// Whether there is anything to do.
  boolean wanted() {
    return name(resolution).isPresent();
  }

  /// Writes the encoders of the newest checkpoint. They are opened anew, on the CPU, as every later
  /// export opens them. An [Error] of an exporter's plugin is a failure like any other.
  Result into(RunFolder folder) {
    List<String> failures = new ArrayList<>();
    boolean stopped = false;
    try (TrainedRun run =
        TrainedRun.open(folder.path(), resolution.catalogue(), "cpu", note -> {})) {
      Exporter exporter = create(resolution.catalogue().exporter(name(resolution).orElseThrow()));
      Folders.create(folder.encoders());
      List<TrainedEncoder> encoders = run.encoders(EncoderChoice.usual());
      boolean any = encoders.stream().anyMatch(each -> exporter.refusal(each).isEmpty());
      for (TrainedEncoder encoder : encoders) {
        Optional<String> refusal = exporter.refusal(encoder).filter(reason -> any);
        stopped = stopped || stop.getAsBoolean();
        if (refusal.isPresent()) {
          progress.note("not exported %s: %s".formatted(encoder.modality(), refusal.get()));
        } else if (!stopped) {
          export(encoder, exporter, folder).ifPresent(failures::add);
        }
      }
    } catch (Throwable failure) {
      failures.add(told("the encoders are", failure));
    }
    failures.forEach(progress::warning);
    return new Result(failures, stopped);
  }

  /// Writes an encoder.
  ///
  /// @return why it could not; empty where it could
  private Optional<String> export(TrainedEncoder encoder, Exporter exporter, RunFolder folder) {
    try {
      List<Path> written = exporter.export(encoder, folder.encoders());
      progress.note("exported   %s: %s".formatted(encoder.describe(), written.getFirst()));
      return Optional.empty();
    } catch (Throwable failure) {
      return Optional.of(told("the encoder of %s is".formatted(encoder.modality()), failure));
    }
  }

  private static String told(String what, Throwable failure) {
    return "%s not exported: %s".formatted(what, Judgement.reason(failure));
  }

  private <O extends Record> Exporter create(ExporterProvider<O> provider) {
    return provider.create(Settings.empty().bind(provider.options()), resolution.catalogue());
  }
}
