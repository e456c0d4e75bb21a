package mmct.api.training;

import java.util.List;
import mmct.api.MmctException;

/// A loss became infinite or not a number. The weights are as the step before left them.
public final class NonFiniteLossException extends MmctException {
  private static final long serialVersionUID = 1L;

  private final long step;
  private final String term;
  private final transient List<String> samples;

  /// Creates the exception.
  ///
  /// @param step the number of the step that failed, from 1
  /// @param term the objective
  /// @param value its value
  /// @param samples ids of the rows whose value is not finite, or of all rows of the objective
  ///     where it has no value per row
  public NonFiniteLossException(long step, String term, double value, List<String> samples) {
    super(
        "objective %s became %s in step %d; samples: %s%s"
            .formatted(
                term,
                value,
                step,
                String.join(", ", samples.subList(0, Math.min(8, samples.size()))),
                samples.size() > 8 ? " and %d more".formatted(samples.size() - 8) : ""));
    this.step = step;
    this.term = term;
    this.samples = List.copyOf(samples);
  }

  /// The number of the step that failed, from 1.
  public long step() {
    return step;
  }

  /// The objective.
  public String term() {
    return term;
  }

  /// The ids of the samples.
  public List<String> samples() {
    return samples;
  }
}
