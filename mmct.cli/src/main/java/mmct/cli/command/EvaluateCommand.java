package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mmct.api.config.Settings;
import mmct.api.io.AtomicFiles;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;
import mmct.api.training.TrainedRun;
import mmct.cli.terminal.Terminal;
import mmct.eval.EvaluationResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mmct evaluate NAME`: judges the encoders of a run, or encoders in files.
@Command(
    name = "evaluate",
    description = {
      "Judge the encoders of a run, or encoders in ONNX files. The figures of a run also go into its",
      "folder, as results/NAME.json, with the split, the data and the options in the name where they",
      "are not the usual ones.",
      "mmct list shows the evaluators."
    })
public final class EvaluateCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "NAME", description = "The evaluator, such as retrieval.")
  private String name = "";

  @Option(names = "--run", paramLabel = "DIR", description = "The run folder.")
  private Optional<Path> run = Optional.empty();

  @Mixin private FileEvaluation files;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "The data to judge on; by default the run's own.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "The split to judge on; by default test or, where there is none, val.")
  private Optional<String> split = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "An option of the evaluator; may be repeated.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--train",
      description =
          "Train what the evaluator can train, such as a sentence encoder for retrieval (--set"
              + " train=true); the figures then go beside the others, as NAME-train.json.")
  private boolean train;

  @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, gpu, or auto (default).")
  private Device device = Device.auto;

  private final Provider<Catalogue> catalogue;
  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public EvaluateCommand(FileEvaluation files, Provider<Catalogue> catalogue, Terminal terminal) {
    this.files = files;
    this.catalogue = catalogue;
    this.terminal = terminal;
  }

  @Override
  public void run() {
    Settings changes = Assignments.of(assignments, spec);
    if (train) {
      changes = changes.over(Settings.at(Question.TRAIN, true, "--train"));
    }
    if (run.isPresent() == files.wanted()) {
      throw new ParameterException(
          spec.commandLine(),
          run.isPresent()
              ? "--run and --encoder exclude each other"
              : "missing required option: '--run=DIR' (or --encoder=FILE)");
    }
    files.out().ifPresent(AtomicFiles::requireWritable);
    Question question = new Question(name, changes, data, split, device);
    if (files.wanted()) {
      requireTrains(name);
      files.judge(question);
    } else {
      requireNoneOf("--sidecar", "--threads", "--workers", "--batch");
      judge(run.orElseThrow(), question);
    }
  }

  private void judge(Path folder, Question question) {
    Judge judge = new Judge(terminal);
    try (TrainedRun trained = TrainedRun.open(folder, catalogue.get(), device.name(), judge)) {
      // The options with which the run judged itself, where it did.
      Settings configured = trained.configured(name).orElse(Settings.empty());
      String type = configured.text("type").orElse(name);
      requireTrains(type);
      Evaluator evaluator =
          Judge.evaluator(
              catalogue.get().evaluator(type),
              question.options().over(configured.without(Set.of("type"))));
      List<String> splits = trained.splits(data);
      String judged = judge.split(question, splits);
      Evaluation evaluation =
          judge.judge(question, evaluator, trained.evaluation(data, judged, evaluator.columns()));
      String fingerprint = trained.fingerprint(data);
      String result =
          new ResultName(
                  question,
                  configured,
                  Optional.of(judged).filter(it -> !Judge.usual(splits).equals(Optional.of(it))),
                  Optional.of(fingerprint)
                      .filter(it -> !trained.recordedFingerprint().equals(Optional.of(it))))
              .text();
      write(
          trained,
          new EvaluationResult(
              result, evaluation, fingerprint, judged, trained.seed(), folder.toString()));
    }
  }

  private void write(TrainedRun run, EvaluationResult result) {
    Path file =
        files
            .out()
            .orElseGet(() -> run.folder().resolve("results").resolve(result.name() + ".json"));
    if (files.out().isPresent()) {
      result.write(file);
    } else {
      run.writeResult(result.name(), result.toMap());
    }
    terminal.line("written to " + file);
  }

  /// Refuses options that a run has no use for, instead of passing them over.
  private void requireNoneOf(String... options) {
    for (String option : options) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new ParameterException(
            spec.commandLine(),
            "%s is for encoders in files (--encoder), and does nothing with --run"
                .formatted(option));
      }
    }
  }

  /// Refuses `--train` where it would say something else: other evaluators learn too, and their
  /// option of that name is the split they learn from.
  private void requireTrains(String evaluator) {
    if (!train) {
      return;
    }
    EvaluatorProvider<?> provider = catalogue.get().evaluator(evaluator);
    boolean trains =
        Arrays.stream(provider.options().getRecordComponents())
            .anyMatch(it -> it.getName().equals(Question.TRAIN) && it.getType() == boolean.class);
    if (!trains) {
      throw new ParameterException(
          spec.commandLine(),
          "--train is for evaluators that can do with and without training, which %s cannot"
              .formatted(evaluator));
    }
  }
}
