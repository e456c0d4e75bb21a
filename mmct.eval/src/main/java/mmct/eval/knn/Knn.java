package mmct.eval.knn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Evaluator;
import mmct.eval.KnnOptions;
import mmct.eval.classification.Accuracy;
import mmct.eval.classification.ClassificationTask;
import mmct.eval.classification.LabelledData;
import mmct.eval.classification.LabelledEvaluation;

/// Classification by weighted votes of the nearest neighbours, without any training (Wu et al.,
/// "Unsupervised Feature Learning via Non-Parametric Instance Discrimination", CVPR 2018, section
/// 3.4).
public final class Knn implements LabelledEvaluation.Judge {
  private static final long SIMILARITIES = 1L << 24;

  private final KnnOptions options;
  private final long similarities;

  private Knn(KnnOptions options, long similarities) {
    this.options = options;
    this.similarities = similarities;
  }

  /// Creates the evaluation.
  public static Evaluator evaluator(KnnOptions options) {
    return evaluator(options, SIMILARITIES);
  }

  /// Creates the evaluation with the number of similarities that exist at one time; it decides on
  /// memory and speed, never on figures.
  static Evaluator evaluator(KnnOptions options, long similarities) {
    return new LabelledEvaluation(
        new LabelledData(
            "knn", options.modality(), options.space(), options.label(), options.train()),
        new Knn(options, similarities));
  }

  @Override
  public Evaluation judge(ClassificationTask task, EvaluationContext context) {
    List<Integer> voting =
        options.k().stream().map(k -> Math.min(k, task.train().count())).toList();
    tellClipped(task, context);
    List<int[]> ranks =
        new Votes(task, voting, options.temperature(), similarities).ranks(context.device());
    Map<String, Double> figures = new LinkedHashMap<>();
    Map<String, Double> chance = new LinkedHashMap<>();
    Map<String, Double> byFrequency = new LinkedHashMap<>();
    Map<String, Double> alone = Accuracy.byFrequency(task);
    for (int i = 0; i < voting.size(); i++) {
      String prefix = "k" + options.k().get(i) + ".";
      new Accuracy(ranks.get(i), task.test().classes(), task.classes().size())
          .figures()
          .forEach((name, value) -> figures.put(prefix + name, value));
      Accuracy.chance(task.classes().size())
          .forEach((name, value) -> chance.put(prefix + name, value));
      alone.forEach((name, value) -> byFrequency.put(prefix + name, value));
    }
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put("k", options.k());
    protocol.put("voting", voting);
    protocol.put("similarity", "cosine");
    protocol.put("weight", "exp(cosine / %s)".formatted(options.temperature()));
    protocol.put("ties", "neighbours as near as the last one share its vote");
    protocol.putAll(task.protocol());
    protocol.put("chance", chance);
    if (!byFrequency.isEmpty()) {
      protocol.put("byFrequency", byFrequency);
    }
    return new Evaluation(figures, protocol);
  }

  private void tellClipped(ClassificationTask task, EvaluationContext context) {
    int there = task.train().count();
    options.k().stream()
        .filter(k -> k > there)
        .forEach(
            k ->
                context.skip(
                    "knn with k = %d: split '%s' has only %d items, so all of them vote"
                        .formatted(k, options.train(), there)));
  }
}
