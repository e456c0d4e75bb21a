package mmct.eval.probe;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Evaluator;
import mmct.eval.ProbeOptions;
import mmct.eval.classification.Accuracy;
import mmct.eval.classification.ClassificationTask;
import mmct.eval.classification.LabelledData;
import mmct.eval.classification.LabelledEvaluation;
import mmct.eval.learning.Repeated;
import mmct.eval.paper.PaperNumbers;

/// A linear probe, as the paper's Table 1 reports it: one linear layer with a softmax is trained on
/// frozen features of one split and judged on another.
public final class Probe implements LabelledEvaluation.Judge {
  private final ProbeOptions options;

  private Probe(ProbeOptions options) {
    this.options = options;
  }

  /// Creates the evaluation.
  public static Evaluator evaluator(ProbeOptions options) {
    return new LabelledEvaluation(
        new LabelledData(
            "probe", options.modality(), options.space(), options.label(), options.train()),
        new Probe(options));
  }

  @Override
  public Evaluation judge(ClassificationTask task, EvaluationContext context) {
    Recipe recipe = Recipe.of(options);
    List<Accuracy> runs = new ArrayList<>();
    try (ProbeTraining training =
        new ProbeTraining(task, recipe, NDManager.newBaseManager(context.device()))) {
      for (int seed = 1; seed <= options.seeds(); seed++) {
        runs.add(training.run(seed));
      }
    }
    Map<String, Object> protocol = recipe.protocol();
    protocol.put("seeds", options.seeds());
    protocol.putAll(task.protocol());
    protocol.put("chance", Accuracy.chance(task.classes().size()));
    Map<String, Double> byFrequency = Accuracy.byFrequency(task);
    if (!byFrequency.isEmpty()) {
      protocol.put("byFrequency", byFrequency);
    }
    if (recipe.name().equals("paper")) {
      PaperNumbers.ofProbe(task.classes().size(), task.test().count())
          .ifPresent(numbers -> protocol.put("paper", numbers.protocol()));
    }
    protocol.put(
        "perClass",
        runs.getFirst().table(task.classes(), runs.stream().map(Accuracy::perClass).toList()));
    return new Evaluation(
        Repeated.figures(runs.stream().map(Accuracy::figures).toList()), protocol);
  }
}
