package mmct.cli.command;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;
import mmct.api.spi.TrainingIds;
import mmct.cli.terminal.Terminal;
import mmct.eval.EvaluationTable;

/// Makes one evaluation and shows its figures, wherever the encoders come from.
///
/// It takes the notes of what happens meanwhile, and holds the latest back until it is known
/// whether that is the reason why the evaluation does not apply.
final class Judge implements Consumer<String> {
  private final Terminal terminal;
  private Optional<String> latest = Optional.empty();

  Judge(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void accept(String note) {
    show();
    latest = Optional.of(note);
  }

  private void show() {
    latest.ifPresent(terminal::line);
    latest = Optional.empty();
  }

  /// Creates the evaluator.
  static <O extends Record> Evaluator evaluator(EvaluatorProvider<O> provider, Settings options) {
    return provider.create(options.bind(provider.options()));
  }

  /// The split that is judged: the one named or the usual.
  ///
  /// @param splits those that there are
  String split(Question question, List<String> splits) {
    if (question.split().isPresent()) {
      return question.split().get();
    }
    String usual =
        usual(splits)
            .orElseThrow(
                () ->
                    new MmctException(
                        "the data has neither a split 'test' nor 'val'; name one with --split: "
                            + String.join(", ", splits)));
    terminal.line("judged is split " + usual);
    return usual;
  }

  /// The split that is judged where none is named; some datasets have no `test`.
  static Optional<String> usual(List<String> splits) {
    for (String usual : List.of("test", "val", "validation")) {
      for (String there : splits) {
        // COCO's splits carry a year, as in val2017.
        if (there.equals(usual) || there.matches(usual + "\\d{4}")) {
          return Optional.of(there);
        }
      }
    }
    return Optional.empty();
  }

  /// Makes the evaluation.
  ///
  /// @throws MmctException where it does not apply, with the reason
  Evaluation judge(Question question, Evaluator evaluator, EvaluationContext context) {
    Optional<Evaluation> made = evaluator.evaluate(context);
    if (made.isEmpty()) {
      String reason =
          latest.orElseGet(() -> "the evaluation %s does not apply".formatted(question.name()));
      latest = Optional.empty();
      throw new MmctException(reason);
    }
    show();
    Evaluation evaluation = made.get();
    EvaluationTable.lines(evaluation).forEach(terminal::line);
    warn(evaluation, TrainingIds.OVERLAP, "were trained on");
    warn(evaluation, "trainSplitOverlap", "are in the split that the classifier learned from too");
    if (evaluation.protocol().get(TrainingIds.UNKNOWN_OVERLAP) instanceof String reason) {
      terminal.line("it is not known how many of the samples were trained on: " + reason);
    }
    return evaluation;
  }

  /// Tells of samples that should have been unseen.
  private void warn(Evaluation evaluation, String count, String what) {
    if (evaluation.protocol().get(count) instanceof Number leaked && leaked.longValue() > 0) {
      terminal.line("beware: %d of the samples %s".formatted(leaked.longValue(), what));
    }
  }
}
