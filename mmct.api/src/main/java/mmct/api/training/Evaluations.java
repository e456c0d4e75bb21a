package mmct.api.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mmct.api.config.Settings;
import mmct.api.data.DataSource;
import mmct.api.run.Json;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Evaluator;
import mmct.api.spi.Origin;
import mmct.api.spi.TrainingIds;
import mmct.api.training.RunConfig.EvaluationConfig;

/// The evaluations of a run during training.
///
/// @param config when, and on which split
/// @param evaluators by name
/// @param judged the encoders
/// @param source where the split is
/// @param trainingIds the ids of the training split
/// @param catalogue the providers that are there
/// @param stop whether the run is to end, and the evaluations with it
record Evaluations(
    EvaluationConfig config,
    Map<String, Evaluator> evaluators,
    GraphEvaluation.Judged judged,
    DataSource source,
    Supplier<TrainingIds> trainingIds,
    Catalogue catalogue,
    BooleanSupplier stop) {

  /// Whether the encoders are judged after so many epochs.
  ///
  /// @param last whether the run ends there
  boolean due(long epochs, boolean last) {
    return last || (config.everyEpochs() > 0 && epochs % config.everyEpochs() == 0);
  }

  /// Why the encoders cannot be judged in this run; empty where they can.
  Optional<String> obstacle() {
    return evaluators.isEmpty() || source.splits().contains(config.split())
        ? Optional.empty()
        : Optional.of(
            "evaluation none: the data has no split '%s' (evaluate.split), only %s"
                .formatted(config.split(), String.join(", ", source.splits())));
  }

  /// Whether there is anything to judge them by.
  boolean possible() {
    return !evaluators.isEmpty() && obstacle().isEmpty();
  }

  /// Judges the encoders. Whatever goes wrong in an evaluation, an [Error] of its plugin included,
  /// is what came of it: the encoders are as they were, and the run can go on.
  ///
  /// @param notes takes reasons why an evaluation does not apply
  /// @return what came of each, by name
  /// @throws CancellationException where the run was asked to stop before all were made
  Map<String, Judgement> run(Consumer<String> notes) {
    Map<String, Judgement> made = new LinkedHashMap<>();
    evaluators.forEach((name, evaluator) -> made.put(name, judge(name, evaluator, notes)));
    return made;
  }

  private Origin provider(String name) {
    Settings settings = Objects.requireNonNull(config.run().get(name), name);
    return catalogue.origin(catalogue.evaluator(Resolution.required(settings, "type")));
  }

  /// Why what an evaluation said of itself cannot be written down; empty where it can.
  Optional<Judgement.Failed> unwritable(String name, Map<String, Object> line) {
    try {
      Json.line(line);
      return Optional.empty();
    } catch (RuntimeException | StackOverflowError e) {
      return Optional.of(Judgement.Failed.of(e, provider(name)));
    }
  }

  private Judgement judge(String name, Evaluator evaluator, Consumer<String> notes) {
    try {
      GraphEvaluation context =
          new GraphEvaluation(
              judged,
              source,
              config.split(),
              new GraphEvaluation.Surroundings(trainingIds, catalogue, notes, stop));
      Optional<Evaluation> evaluation = evaluator.evaluate(context);
      return evaluation.<Judgement>map(Judgement.Made::new).orElseGet(Judgement.Inapplicable::new);
    } catch (Throwable failure) {
      if (failure instanceof CancellationException cancelled && stop.getAsBoolean()) {
        throw cancelled;
      }
      return Judgement.Failed.of(failure, provider(name));
    }
  }
}
