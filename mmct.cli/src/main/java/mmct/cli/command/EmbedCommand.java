package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import mmct.api.MmctException;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.JoinedDataset;
import mmct.api.spi.Catalogue;
import mmct.cli.terminal.EmbeddingDisplay;
import mmct.cli.terminal.Terminal;
import mmct.eval.embed.Embedding;
import mmct.eval.embed.EmbeddingTarget;
import mmct.eval.encode.OnnxEncoder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mmct embed`: writes the features of a dataset.
@Command(
    name = "embed",
    description = {
      "Write the features of a dataset by an encoder in an ONNX file; FILE.ids.csv says which item",
      "each row is of. FILE.sha256 holds the checksums of all files. Started again after it was",
      "stopped or killed, it goes on."
    })
public final class EmbedCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--encoder",
      paramLabel = "FILE",
      required = true,
      description = "The encoder, as mmct export writes it, or any with a sidecar.")
  private Path encoder = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description = "A CSV manifest, a folder in COCO's format, or what a provider reads.")
  private Path data = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Where the features go: FILE.npy or FILE.csv.")
  private Path out = Path.of("");

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "The split to encode; by default all, one after the other.")
  private Optional<String> split = Optional.empty();

  @Option(
      names = "--columns",
      paramLabel = "NAME",
      split = ",",
      description = "Columns of a manifest that hold what is encoded, where they have other names.")
  private List<String> columns = List.of();

  @Option(
      names = "--format",
      paramLabel = "NAME",
      split = ",",
      description = "npy, csv or npy,csv; by default what FILE ends in.")
  private Set<Format> formats = Set.of();

  @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, gpu, or auto (default).")
  private Device device = Device.auto;

  @Option(
      names = "--non-finite",
      paramLabel = "WHAT",
      description =
          "What becomes of features that are NaN or infinite: stop (default) ends with the samples'"
              + " ids and writes nothing of them, keep writes them and warns.")
  private NonFinite nonFinite = NonFinite.stop;

  @Mixin private EncodingSettings encoding = new EncodingSettings();

  private final Provider<Catalogue> catalogue;
  private final Terminal terminal;

  /// What becomes of features that are no numbers, in the words of `--non-finite`.
  enum NonFinite {
    /// The command ends with an error.
    stop,
    /// They are written, with a warning.
    keep
  }

  /// A format in the words of `--format`.
  enum Format {
    /// NumPy's.
    npy,
    /// Text.
    csv
  }

  /// Called by Guice.
  @Inject
  public EmbedCommand(Provider<Catalogue> catalogue, Terminal terminal) {
    this.catalogue = catalogue;
    this.terminal = terminal;
  }

  @Override
  public void run() {
    EmbeddingTarget target = target();
    try (OnnxEncoder opened =
        OnnxEncoder.open(encoder, encoding.sidecar(), encoding.on(device), catalogue.get())) {
      String modality = opened.description().name();
      Columns where = columns.isEmpty() ? opened.columns() : opened.columns().named(columns);
      DataSource source = catalogue.get().dataAt(data, Map.of(modality, where));
      Dataset samples = split.map(source::split).orElseGet(() -> JoinedDataset.ofAllSplits(source));
      terminal.line(
          "%s of %s, %d wide, on %s; %s"
              .formatted(
                  modality,
                  encoder,
                  opened.width(),
                  opened.onGpu() ? "gpu" : "cpu",
                  source.describe()));
      String identity = source.fingerprint() + " " + split.orElse("") + " " + where;
      EmbeddingDisplay display = new EmbeddingDisplay(terminal);
      Embedding embedding = new Embedding(opened, samples, identity, target);
      tell(
          (nonFinite == NonFinite.keep ? embedding.keepingNonFinite() : embedding).run(display),
          target);
    } finally {
      terminal.clearStatus();
    }
  }

  private EmbeddingTarget target() {
    if (formats.isEmpty()) {
      try {
        return EmbeddingTarget.named(out);
      } catch (MmctException e) {
        throw new ParameterException(spec.commandLine(), "--out: " + e.getMessage(), e);
      }
    }
    Set<EmbeddingTarget.Format> wanted = EnumSet.noneOf(EmbeddingTarget.Format.class);
    formats.forEach(
        it -> wanted.add(EmbeddingTarget.Format.valueOf(it.name().toUpperCase(Locale.ROOT))));
    try {
      return new EmbeddingTarget(out, wanted);
    } catch (MmctException e) {
      throw new ParameterException(spec.commandLine(), "--format: " + e.getMessage(), e);
    }
  }

  private void tell(Embedding.Outcome outcome, EmbeddingTarget target) {
    if (outcome.broken() > 0) {
      terminal.line(
          outcome.broken() == 1
              ? "1 cell is left out, because it cannot be read"
              : "%d cells are left out, because they cannot be read".formatted(outcome.broken()));
    }
    if (outcome.nonFinite() > 0) {
      terminal.error(
          "mmct: warning: %d of %d rows hold features that are NaN or infinite"
              .formatted(outcome.nonFinite(), outcome.rows()));
    }
    terminal.line(
        "%d %s written to %s"
            .formatted(
                outcome.rows(),
                outcome.rows() == 1 ? "row" : "rows",
                target.files().reversed().stream()
                    .map(Path::toString)
                    .collect(Collectors.joining(" and "))));
  }
}
