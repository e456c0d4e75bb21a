package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;
import mmct.api.training.TrainedRun;
import mmct.cli.terminal.Terminal;
import mmct.eval.EvaluationResult;
import mmct.eval.EvaluationTable;
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
      "Judge the encoders of a run; the figures also go into results/NAME.json of the run folder.",
      "With --encoder, judge encoders in ONNX files instead.",
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
      defaultValue = "test",
      description = "The split to judge on (default: test).")
  private String split = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "An option of the evaluator; may be repeated.")
  private List<String> assignments = new ArrayList<>();

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
    if (run.isPresent() == files.wanted()) {
      throw new ParameterException(
          spec.commandLine(),
          run.isPresent()
              ? "--run and --encoder exclude each other"
              : "missing required option: '--run=DIR' (or --encoder=FILE)");
    }
    if (files.wanted()) {
      files.run(new FileEvaluation.Question(name, changes, data, split, device));
    } else {
      judge(run.orElseThrow(), changes);
    }
  }

  private void judge(Path run, Settings changes) {
    try (TrainedRun trained =
        TrainedRun.open(run, catalogue.get(), device.name(), terminal::line)) {
      // The options with which the run judged itself, where it did.
      Settings configured = trained.configured(name).orElse(Settings.empty());
      String type = configured.text("type").orElse(name);
      Evaluator evaluator =
          evaluator(
              catalogue.get().evaluator(type), changes.over(configured.without(Set.of("type"))));
      EvaluationContext context = trained.evaluation(data, split, evaluator.columns());
      Evaluation evaluation =
          evaluator
              .evaluate(context)
              .orElseThrow(
                  () -> new MmctException("the evaluation %s does not apply".formatted(name)));
      EvaluationTable.lines(evaluation).forEach(terminal::line);
      Object overlap = evaluation.protocol().get("trainingOverlap");
      if (overlap instanceof Number leaked && leaked.longValue() > 0) {
        terminal.line(
            "beware: %d of %d samples were trained on"
                .formatted(leaked.longValue(), context.dataset().size()));
      }
      trained.writeResult(
          name,
          new EvaluationResult(
                  name,
                  evaluation,
                  trained.fingerprint(data),
                  split,
                  trained.seed(),
                  run.toString())
              .toMap());
      terminal.line("written to " + run.resolve("results").resolve(name + ".json"));
    }
  }

  private static <O extends Record> Evaluator evaluator(
      EvaluatorProvider<O> provider, Settings options) {
    return provider.create(options.bind(provider.options()));
  }
}
