package mmct.api.spi;

import java.util.Optional;

/// Judges encoders on a dataset.
public interface Evaluator {
  /// Runs the evaluation.
  ///
  /// @return the figures, or empty where the dataset or the encoders lack what it needs (no sample
  ///     has both sides, the space is not there); it then has told the reason with
  ///     [EvaluationContext#skip]
  Optional<Evaluation> evaluate(EvaluationContext context);
}
