package mmct.eval.probe;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.data.Columns;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Evaluator;
import mmct.eval.ProbeOptions;
import mmct.eval.classification.Accuracy;
import mmct.eval.classification.ClassificationTask;
import mmct.eval.classification.LabelledData;
import mmct.eval.paper.PaperNumbers;

/// A linear probe, as the paper's Table 1 reports it: one linear layer with a softmax is trained on
/// frozen features of one split and judged on another.
public final class Probe implements Evaluator {
  private final ProbeOptions options;
  private final LabelledData data;

  /// Creates the evaluation.
  public Probe(ProbeOptions options) {
    this.options = options;
    data =
        new LabelledData(
            "probe", options.modality(), options.space(), options.label(), options.train());
  }

  @Override
  public void check(Map<String, Set<String>> encoders) {
    data.check(encoders);
  }

  @Override
  public Map<String, Columns> columns() {
    return data.columns();
  }

  @Override
  public Optional<Evaluation> evaluate(EvaluationContext context) {
    return data.read(context).map(task -> judge(task, context));
  }

  private Evaluation judge(ClassificationTask task, EvaluationContext context) {
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
    if (recipe.name().equals("paper")) {
      PaperNumbers.ofProbe(task.classes().size(), task.test().count())
          .ifPresent(numbers -> protocol.put("paper", numbers.protocol()));
    }
    protocol.put(
        "perClass",
        runs.getFirst().table(task.classes(), runs.stream().map(Accuracy::perClass).toList()));
    return new Evaluation(figures(runs.stream().map(Accuracy::figures).toList()), protocol);
  }

  /// The mean of each figure over the seeds, and the standard deviation of a seed.
  static Map<String, Double> figures(List<Map<String, Double>> runs) {
    Map<String, Double> means = new LinkedHashMap<>();
    runs.getFirst()
        .keySet()
        .forEach(
            name ->
                means.put(
                    name,
                    runs.stream().mapToDouble(run -> run.getOrDefault(name, 0.0)).sum()
                        / runs.size()));
    Map<String, Double> figures = new LinkedHashMap<>(means);
    if (runs.size() > 1) {
      means.forEach(
          (name, mean) -> {
            double squares =
                runs.stream()
                    .mapToDouble(run -> Math.pow(run.getOrDefault(name, 0.0) - mean, 2))
                    .sum();
            figures.put("deviation." + name, Math.sqrt(squares / (runs.size() - 1)));
          });
    }
    return figures;
  }
}
