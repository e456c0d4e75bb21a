package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.spi.Catalogue;
import mmct.api.training.RunRequest;
import mmct.api.training.Training;
import mmct.cli.configuration.ResolvedConfiguration;
import mmct.cli.terminal.Terminal;
import mmct.cli.terminal.TrainingDisplay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mmct train`: trains encoders from a configuration.
@Command(
    name = "train",
    description = {
      "Train encoders; everything goes into one run folder.",
      "Ctrl-C writes a checkpoint; --resume --out DIR goes on from there."
    })
public final class TrainCommand implements Runnable {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ConfigurationOptions configuration;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run folder; by default runs/NAME-TIME.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--resume",
      description = "Go on with the run in --out, by its own configuration unless one is named.")
  private boolean resume;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "cpu, gpu, or auto (the default): gpu where there is one.")
  private Device device = Device.auto;

  @Option(
      names = "--dry-run",
      description = "Resolve everything, take one batch forward and backward, keep nothing.")
  private boolean dryRun;

  private final Provider<Catalogue> catalogue;
  private final Terminal terminal;
  private final CommandWords words;
  private final StopOnSignal stopOnSignal;

  /// Called by Guice.
  @Inject
  public TrainCommand(
      ConfigurationOptions configuration,
      Provider<Catalogue> catalogue,
      Terminal terminal,
      CommandWords words,
      StopOnSignal stopOnSignal) {
    this.configuration = configuration;
    this.catalogue = catalogue;
    this.terminal = terminal;
    this.words = words;
    this.stopOnSignal = stopOnSignal;
  }

  @Override
  public void run() {
    ResolvedConfiguration resolved =
        configuration.resolved(configuration.written(ownConfiguration()));
    train(resolved, out.orElseGet(() -> newFolder(resolved.name())));
  }

  /// The configuration that a resumed run keeps in its folder.
  private Optional<Path> ownConfiguration() {
    if (!resume) {
      return Optional.empty();
    }
    if (out.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--resume needs --out DIR, the run folder to go on with");
    }
    Path kept = out.get().resolve("config.yaml");
    if (!Files.exists(kept)) {
      throw new MmctException(out.get() + " holds no run to resume: there is no " + kept);
    }
    return Optional.of(kept);
  }

  private static Path newFolder(String name) {
    String base = name + "-" + LocalDateTime.now(ZoneId.systemDefault()).format(TIMESTAMP);
    Path folder = Path.of("runs", base);
    for (int i = 2; Files.exists(folder); i++) {
      folder = Path.of("runs", base + "-" + i);
    }
    return folder;
  }

  private void train(ResolvedConfiguration resolved, Path folder) {
    RunRequest request = new RunRequest(folder, resume, device.name(), words.words());
    TrainingDisplay display = new TrainingDisplay(terminal);
    try (Training training =
        Training.prepare(resolved.settings(), catalogue.get(), request, display)) {
      training.report().forEach(terminal::line);
      if (dryRun) {
        training.dryRun().forEach(terminal::line);
        return;
      }
      stopOnSignal.during(() -> tell(training.run(), folder), training::requestStop);
    } finally {
      terminal.clearStatus();
    }
  }

  private void tell(Training.Outcome outcome, Path folder) {
    terminal.line(
        "%s after %d steps; the run folder is %s"
            .formatted(outcome.status(), outcome.steps(), folder));
    if (outcome.status().equals("stopped")) {
      terminal.line("to go on: mmct train --resume --out " + folder);
    } else {
      terminal.line("weights sha256 " + outcome.weightsSha256());
    }
    if (!outcome.failures().isEmpty()) {
      throw new MmctException(
          "the run is trained and its checkpoints are whole, but %s (mmct train --resume --out %s tries again)"
              .formatted(String.join("; ", outcome.failures()), folder));
    }
  }
}
