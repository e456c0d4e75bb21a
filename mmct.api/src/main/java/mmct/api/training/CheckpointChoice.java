package mmct.api.training;

import mmct.api.MmctException;

/// Which checkpoint of a run is meant.
public sealed interface CheckpointChoice {
  /// The newest that is intact.
  record Newest() implements CheckpointChoice {}

  /// The one kept as the best by `checkpoints.best`.
  record Best() implements CheckpointChoice {}

  /// The one after a number of optimiser steps.
  record Step(long step) implements CheckpointChoice {}

  /// Reads `newest`, `best` or a number of steps.
  ///
  /// @throws MmctException where it is none of these
  static CheckpointChoice parse(String text) {
    return switch (text) {
      case "newest" -> new Newest();
      case "best" -> new Best();
      case String number when number.matches("\\d{1,18}") -> new Step(Long.parseLong(number));
      default ->
          throw new MmctException(
              "a checkpoint is newest, best or a number of steps but was '%s'".formatted(text));
    };
  }
}
