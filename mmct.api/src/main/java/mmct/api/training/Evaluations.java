package mmct.api.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mmct.api.data.DataSource;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Evaluator;
import mmct.api.spi.Modality;
import mmct.api.training.RunConfig.EvaluationConfig;

/// The evaluations of a run during training.
///
/// @param config when, and on which split
/// @param evaluators by name
/// @param graph whose query encoders are judged
/// @param modalities by name
/// @param source where the split is
/// @param trainingIds the ids of the training split
record Evaluations(
    EvaluationConfig config,
    Map<String, Evaluator> evaluators,
    TrainingGraph graph,
    Map<String, Modality> modalities,
    DataSource source,
    Supplier<Set<String>> trainingIds) {

  /// Whether the encoders are judged after so many epochs.
  ///
  /// @param last whether the run ends there
  boolean due(long epochs, boolean last) {
    return last || (config.everyEpochs() > 0 && epochs % config.everyEpochs() == 0);
  }

  /// Judges the encoders.
  ///
  /// @param heard takes each evaluation with its name
  /// @param notes takes reasons why one does not apply
  /// @return all figures, as EVALUATION.FIGURE
  Map<String, Double> run(BiConsumer<String, Evaluation> heard, Consumer<String> notes) {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (evaluators.isEmpty()) {
      return figures;
    }
    if (!source.splits().contains(config.split())) {
      notes.accept(
          "no evaluation: the data has no split '%s' (evaluate.split), only %s"
              .formatted(config.split(), String.join(", ", source.splits())));
      return figures;
    }
    GraphEvaluation context =
        new GraphEvaluation(graph, modalities, source.split(config.split()), trainingIds, 0, notes);
    evaluators.forEach(
        (name, evaluator) ->
            evaluator
                .evaluate(context)
                .ifPresent(
                    evaluation -> {
                      heard.accept(name, evaluation);
                      evaluation.figures().forEach((f, v) -> figures.put(name + "." + f, v));
                    }));
    return figures;
  }
}
