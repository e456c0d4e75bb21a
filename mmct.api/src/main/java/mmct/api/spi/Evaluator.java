package mmct.api.spi;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.data.Columns;

/// Judges encoders on a dataset.
public interface Evaluator {
  /// Refuses, before training begins, options that do not fit the encoders.
  ///
  /// @param encoders modality names with an encoder, and the spaces that each projects into
  /// @throws mmct.api.MmctException naming what does not fit and what there is
  default void check(Map<String, Set<String>> encoders) {}

  /// Columns that the evaluation reads besides those of the modalities, by the name under which it
  /// then finds their cells, such as a class for each sample. A modality of that name comes first.
  default Map<String, Columns> columns() {
    return Map.of();
  }

  /// Runs the evaluation.
  ///
  /// @return the figures, or empty where the dataset or the encoders lack what it needs (no sample
  ///     has both sides, the space is not there); it then has told the reason with
  ///     [EvaluationContext#skip]
  Optional<Evaluation> evaluate(EvaluationContext context);
}
