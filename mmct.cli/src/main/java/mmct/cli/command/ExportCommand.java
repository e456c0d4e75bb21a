package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Folders;
import mmct.api.run.RunFolder;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Exporter;
import mmct.api.spi.ExporterProvider;
import mmct.api.spi.TrainedEncoder;
import mmct.api.training.CheckpointChoice;
import mmct.api.training.EncoderChoice;
import mmct.api.training.TrainedRun;
import mmct.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mmct export`: writes the encoders of a run as files that need no run.
@Command(
    name = "export",
    description = {
      "Write the encoders of a run as files that need no run: by default the query encoder of each",
      "modality, with the head of the space that it shares with others. mmct list shows the formats."
    })
public final class ExportCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--run", paramLabel = "DIR", required = true, description = "The run folder.")
  private Path run = Path.of("");

  @Option(
      names = "--checkpoint",
      paramLabel = "WHICH",
      description = "newest (default), best, or the number of its step.")
  private String checkpoint = "newest";

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "The exporter, such as onnx (default).")
  private String format = "onnx";

  @Option(
      names = "--modality",
      paramLabel = "NAME",
      description = "The only modality to export; by default all that have an encoder.")
  private Optional<String> modality = Optional.empty();

  @Option(
      names = "--space",
      paramLabel = "NAME",
      description = "The space whose features the encoder gives.")
  private Optional<String> space = Optional.empty();

  @Option(names = "--backbone", description = "Export backbones without any head.")
  private boolean backbone;

  @Option(names = "--momentum", description = "Export momentum encoders instead of query encoders.")
  private boolean momentum;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the files go; by default encoders/ of the run folder.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "An option of the exporter, such as weights=float16; may be repeated.")
  private List<String> assignments = new ArrayList<>();

  private final Provider<Catalogue> catalogue;
  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public ExportCommand(Provider<Catalogue> catalogue, Terminal terminal) {
    this.catalogue = catalogue;
    this.terminal = terminal;
  }

  @Override
  public void run() {
    CheckpointChoice which = which();
    EncoderChoice choice = choice();
    Settings options = Assignments.of(assignments, spec);
    Exporter exporter = exporter(catalogue.get().exporter(format), options);
    try (TrainedRun trained = TrainedRun.open(run, which, catalogue.get(), "cpu", terminal::line)) {
      List<TrainedEncoder> encoders = fitting(trained.encoders(choice), exporter);
      Path folder = out.orElseGet(() -> RunFolder.reading(run).encoders());
      create(folder);
      for (TrainedEncoder encoder : encoders) {
        List<Path> written = exporter.export(encoder, folder);
        terminal.line("%s: %s".formatted(encoder.describe(), written.getFirst()));
      }
    }
  }

  /// The encoders that the format can hold; the others are told, and refused where there is no
  /// other.
  private List<TrainedEncoder> fitting(List<TrainedEncoder> encoders, Exporter exporter) {
    List<TrainedEncoder> fitting =
        encoders.stream().filter(each -> exporter.refusal(each).isEmpty()).toList();
    for (TrainedEncoder each : encoders) {
      exporter
          .refusal(each)
          .ifPresent(
              reason -> {
                if (fitting.isEmpty()) {
                  throw new MmctException(reason);
                }
                terminal.line("%s left out: %s".formatted(each.modality(), reason));
              });
    }
    return fitting;
  }

  private CheckpointChoice which() {
    try {
      return CheckpointChoice.parse(checkpoint);
    } catch (MmctException e) {
      throw wrong("--checkpoint: " + e.getMessage());
    }
  }

  private EncoderChoice choice() {
    if (backbone && space.isPresent()) {
      throw wrong("--backbone and --space exclude each other: a backbone is before any space");
    }
    EncoderChoice.Output output =
        backbone
            ? new EncoderChoice.OfBackbone()
            : space
                .<EncoderChoice.Output>map(EncoderChoice.OfSpace::new)
                .orElse(new EncoderChoice.Usual());
    return new EncoderChoice(modality, output, momentum);
  }

  private <O extends Record> Exporter exporter(ExporterProvider<O> provider, Settings options) {
    return provider.create(options.bind(provider.options()), catalogue.get());
  }

  private static void create(Path folder) {
    try {
      Folders.create(folder);
    } catch (IOException e) {
      throw new MmctException("%s cannot be made: %s".formatted(folder, AtomicFiles.reason(e)), e);
    }
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
