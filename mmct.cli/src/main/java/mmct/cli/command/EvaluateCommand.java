package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
      description = "The split to judge on; by default test or, where there is none, val.")
  private Optional<String> split = Optional.empty();

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
  public EvaluateCommand(Provider<Catalogue> catalogue, Terminal terminal) {
    this.catalogue = catalogue;
    this.terminal = terminal;
  }

  @Override
  public void run() {
    Settings changes = changes();
    LatestNote notes = new LatestNote(terminal);
    try (TrainedRun trained = TrainedRun.open(run, catalogue.get(), device.name(), notes)) {
      // The options with which the run judged itself, where it did.
      Settings configured = trained.configured(name).orElse(Settings.empty());
      String type = configured.text("type").orElse(name);
      Evaluator evaluator =
          evaluator(
              catalogue.get().evaluator(type), changes.over(configured.without(Set.of("type"))));
      String judged = split.orElseGet(() -> usualSplit(trained.splits(data)));
      EvaluationContext context = trained.evaluation(data, judged, evaluator.columns());
      Evaluation evaluation =
          evaluator.evaluate(context).orElseThrow(() -> new MmctException(notes.withdraw(name)));
      notes.show();
      EvaluationTable.lines(evaluation).forEach(terminal::line);
      warn(evaluation);
      trained.writeResult(
          name,
          new EvaluationResult(
                  name,
                  evaluation,
                  trained.fingerprint(data),
                  judged,
                  trained.seed(),
                  run.toString())
              .toMap());
      terminal.line("written to " + run.resolve("results").resolve(name + ".json"));
    }
  }

  /// The split that is judged where none is named; some datasets have no `test`.
  private String usualSplit(List<String> splits) {
    for (String usual : List.of("test", "val", "validation")) {
      for (String there : splits) {
        // COCO's splits carry a year, as in val2017.
        if (there.equals(usual) || there.matches(usual + "\\d{4}")) {
          terminal.line("judged is split " + there);
          return there;
        }
      }
    }
    throw new MmctException(
        "the data has neither a split 'test' nor 'val'; name one with --split: "
            + String.join(", ", splits));
  }

  /// Tells of samples that should have been unseen.
  private void warn(Evaluation evaluation) {
    warn(evaluation, "trainingOverlap", "were trained on");
    warn(evaluation, "trainSplitOverlap", "are in the split that the classifier learned from too");
  }

  private void warn(Evaluation evaluation, String count, String what) {
    if (evaluation.protocol().get(count) instanceof Number leaked && leaked.longValue() > 0) {
      terminal.line("beware: %d of the samples %s".formatted(leaked.longValue(), what));
    }
  }

  /// Holds the latest note back until it is known whether it is the reason for a failure.
  private static final class LatestNote implements Consumer<String> {
    private final Terminal terminal;
    private Optional<String> latest = Optional.empty();

    LatestNote(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public void accept(String note) {
      show();
      latest = Optional.of(note);
    }

    void show() {
      latest.ifPresent(terminal::line);
      latest = Optional.empty();
    }

    /// The latest note, or that there is none.
    String withdraw(String evaluation) {
      Optional<String> reason = latest;
      latest = Optional.empty();
      return reason.orElseGet(() -> "the evaluation %s does not apply".formatted(evaluation));
    }
  }

  private Settings changes() {
    Settings changes = Settings.empty();
    for (String assignment : assignments) {
      try {
        changes = Settings.assignment(assignment).over(changes);
      } catch (ConfigurationException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
      }
    }
    return changes;
  }

  private static <O extends Record> Evaluator evaluator(
      EvaluatorProvider<O> provider, Settings options) {
    return provider.create(options.bind(provider.options()));
  }
}
