package mmct.eval.classification;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.data.Columns;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Evaluator;

/// An evaluation that tells classes apart by frozen features.
///
/// @param data what it reads
/// @param judge makes figures of it
public record LabelledEvaluation(LabelledData data, Judge judge) implements Evaluator {
  /// Makes figures of features with classes.
  public interface Judge {
    /// Judges a task.
    ///
    /// @param context where the task is from
    Evaluation judge(ClassificationTask task, EvaluationContext context);
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
    return data.read(context).map(task -> judge.judge(task, context));
  }
}
