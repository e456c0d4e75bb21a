package mmct.api.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mmct.api.data.DataSource;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Evaluator;
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

  /// Judges the encoders.
  ///
  /// @param notes takes reasons why an evaluation does not apply
  /// @return the evaluations by name
  /// @throws CancellationException where the run was asked to stop before all were made
  Map<String, Evaluation> run(Consumer<String> notes) {
    Map<String, Evaluation> made = new LinkedHashMap<>();
    if (evaluators.isEmpty() || obstacle().isPresent()) {
      return made;
    }
    GraphEvaluation context =
        new GraphEvaluation(
            judged,
            source,
            config.split(),
            new GraphEvaluation.Surroundings(trainingIds, catalogue, notes, stop));
    evaluators.forEach(
        (name, evaluator) ->
            evaluator.evaluate(context).ifPresent(evaluation -> made.put(name, evaluation)));
    return made;
  }
}
