package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Evaluator;
import mmct.cli.terminal.Terminal;
import mmct.eval.EvaluationResult;
import mmct.eval.encode.EncoderSet;
import mmct.eval.encode.OnnxEncoder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Judges encoders in files, without a run.
public final class FileEvaluation {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--encoder",
      paramLabel = "FILE",
      description = "An encoder's file to judge instead of a run; may be repeated.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Where the result goes, as JSON; by default that of a run goes into its folder, and that"
              + " of encoders in files is only shown.")
  private Optional<Path> out = Optional.empty();

  @Mixin private EncodingSettings encoding = new EncodingSettings();

  private final Provider<Catalogue> catalogue;
  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public FileEvaluation(Provider<Catalogue> catalogue, Terminal terminal) {
    this.catalogue = catalogue;
    this.terminal = terminal;
  }

  /// Whether encoders in files are named.
  boolean wanted() {
    return !files.isEmpty();
  }

  /// The file of the result, where one is named.
  Optional<Path> out() {
    return out;
  }

  /// Judges them.
  void judge(Question question) {
    Path data =
        question
            .data()
            .orElseThrow(() -> wrong("--encoder needs --data PATH, the data to judge on"));
    if (files.size() > 1 && encoding.sidecar().isPresent()) {
      throw wrong("--sidecar is of one encoder; of several, each has FILE.yaml beside it");
    }
    Judge judge = new Judge(terminal);
    Evaluator evaluator =
        Judge.evaluator(catalogue.get().evaluator(question.name()), question.options());
    try (EncoderSet encoders = open(question.device())) {
      evaluator.check(encoders.spaces());
      Map<String, Columns> columns = new LinkedHashMap<>(evaluator.columns());
      columns.putAll(encoders.columns());
      DataSource source = catalogue.get().dataAt(data, columns);
      String split = judge.split(question, source.splits());
      Evaluation evaluation =
          judge.judge(question, evaluator, encoders.before(source, split, catalogue.get(), judge));
      out.ifPresent(
          file -> {
            new EvaluationResult(
                    question.trains() ? question.name() + "-" + Question.TRAIN : question.name(),
                    evaluation,
                    source.fingerprint(),
                    split,
                    encoders.seed(),
                    encoders.describe())
                .write(file);
            terminal.line("written to " + file);
          });
    }
  }

  private EncoderSet open(Device device) {
    List<OnnxEncoder> opened = new ArrayList<>();
    try {
      for (Path file : files) {
        opened.add(
            OnnxEncoder.open(file, encoding.sidecar(), encoding.on(device), catalogue.get()));
      }
      return new EncoderSet(opened);
    } catch (MmctException e) {
      opened.forEach(OnnxEncoder::close);
      throw e;
    }
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(command.commandLine(), sentence);
  }
}
