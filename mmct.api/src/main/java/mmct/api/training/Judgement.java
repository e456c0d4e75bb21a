package mmct.api.training;

import mmct.api.MmctException;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Origin;

/// What came of an evaluation.
sealed interface Judgement {
  /// It was made.
  record Made(Evaluation evaluation) implements Judgement {}

  /// It does not apply to the data or the encoders, as it has told.
  record Inapplicable() implements Judgement {}

  /// It failed.
  ///
  /// @param reason one sentence
  /// @param provider whose evaluation it was
  record Failed(String reason, Origin provider) implements Judgement {
    static Failed of(Throwable failure, Origin provider) {
      return new Failed(Judgement.reason(failure), provider);
    }
  }

  /// The reason of a failure in one line: what was written for users where there is such a thing.
  static String reason(Throwable failure) {
    Throwable deepest = failure;
    for (int depth = 0; depth < 100 && deepest != null; depth++) {
      if (deepest instanceof MmctException told && told.getMessage() != null) {
        return oneLine(told.getMessage());
      }
      deepest = deepest.getCause();
    }
    return oneLine(failure.toString());
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
