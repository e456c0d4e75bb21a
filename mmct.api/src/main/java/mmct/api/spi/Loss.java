package mmct.api.spi;

import java.util.OptionalDouble;

/// An objective: a pure function of features. It never sees a modality, a queue or a sample, only
/// arrays; what it must remember between steps it declares in [#needs] and returns with its value.
public interface Loss {
  /// What the graph must provide; what it cannot, it refuses before training.
  default Needs needs() {
    return Needs.pair();
  }

  /// Evaluates the objective.
  ///
  /// @return a value per row `[n]`, of which the graph takes the mean, or one value `[]`
  LossOutput evaluate(LossInput input);

  /// The value at which all candidates look alike, so that a flat curve can be told from a
  /// learning one; empty where there is none.
  ///
  /// @param candidates how many candidates a query has besides its own key once the queue is full:
  ///     queue rows, and the other rows of the batch where they take part or no queue is needed
  default OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.empty();
  }

  /// The same, where the value depends on how many modalities take part.
  ///
  /// @param candidates as above
  /// @param participants how many modalities the objective names
  default OptionalDouble chanceLevel(long candidates, int participants) {
    return chanceLevel(candidates);
  }
}
