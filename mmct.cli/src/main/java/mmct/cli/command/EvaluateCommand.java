package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mmct evaluate NAME`: judges the encoders of a run.
@Command(
    name = "evaluate",
    description = {
      "Judge the encoders of a run; the figures also go into results/NAME.json of the run folder.",
      "mmct list shows the evaluators."
    })
public final class EvaluateCommand implements Runnable {
  /// The option of an evaluator that trains something of its own first.
  private static final String TRAIN = "train";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "NAME", description = "The evaluator, such as retrieval.")
  private String name = "";

  @Option(names = "--run", paramLabel = "DIR", required = true, description = "The run folder.")
  private Path run = Path.of("");

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

  @Option(
      names = "--train",
      description = {
        "Train what the evaluator can train, such as a sentence encoder for retrieval (--set",
        "train=true); the figures then go into results/NAME-train.json."
      })
  private boolean train;

  @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, gpu, or auto (default).")
  private Device device = Device.auto;

  private final Provider<Catalogue> catalogue;
  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public EvaluateCommand(Provider<Catalogue> catalogue, Terminal terminal) {
    this.catalogue = catalogue;
    this.terminal = terminal;
  }

  @Override
  public void run() {
    Settings changes = changes();
    try (TrainedRun trained =
        TrainedRun.open(run, catalogue.get(), device.name(), terminal::line)) {
      // The options with which the run judged itself, where it did.
      Settings configured = trained.configured(name).orElse(Settings.empty());
      String type = configured.text("type").orElse(name);
      Settings options = changes.over(configured.without(Set.of("type")));
      Evaluator evaluator = evaluator(catalogue.get().evaluator(type), options);
      String result = result(options);
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
          result,
          new EvaluationResult(
                  result,
                  evaluation,
                  trained.fingerprint(data),
                  split,
                  trained.seed(),
                  run.toString())
              .toMap());
      terminal.line("written to " + run.resolve("results").resolve(result + ".json"));
    }
  }

  private Settings changes() {
    Settings changes = train ? Settings.at(TRAIN, true, "--" + TRAIN) : Settings.empty();
    for (String assignment : assignments) {
      try {
        changes = Settings.assignment(assignment).over(changes);
      } catch (ConfigurationException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
      }
    }
    return changes;
  }

  /// The name of the result: what an evaluation trains makes it another one.
  private String result(Settings options) {
    boolean trains = options.get(TRAIN).equals(Optional.of(true));
    return trains && !name.endsWith("-" + TRAIN) ? name + "-" + TRAIN : name;
  }

  private <O extends Record> Evaluator evaluator(EvaluatorProvider<O> provider, Settings options) {
    boolean trains =
        Arrays.stream(provider.options().getRecordComponents())
            .anyMatch(it -> it.getName().equals(TRAIN) && it.getType() == boolean.class);
    if (train && !trains) {
      throw new ParameterException(
          spec.commandLine(),
          "--%s is for evaluators with such an option, which %s is not"
              .formatted(TRAIN, provider.name()));
    }
    return provider.create(options.bind(provider.options()));
  }
}
