package mmct.api.training;

import java.util.Map;
import mmct.api.spi.Evaluation;

/// Hears what a run does; the program shows it, a user's own code may ignore it.
public interface Progress {
  /// A line of the report at the start, or a notice.
  default void note(String line) {}

  /// Something is wrong that the run gets over.
  default void warning(String line) {
    note("warning: " + line);
  }

  /// A step has been taken; called after every one, so a display chooses which to show.
  default void step(StepRecord step) {}

  /// The encoders have been judged.
  default void evaluated(String name, Evaluation evaluation) {}

  /// A silent listener.
  static Progress silent() {
    return new Progress() {};
  }

  /// What is known of a step.
  ///
  /// @param step optimiser steps done, this one included
  /// @param totalSteps how many the run will take
  /// @param epoch epochs done, with fraction
  /// @param terms by objective name its value; an objective without rows is absent
  /// @param total the weighted sum
  /// @param samplesPerSecond over the last steps
  /// @param dataWait share of the time spent waiting for views, 0 to 1
  record StepRecord(
      long step,
      long totalSteps,
      double epoch,
      Map<String, Double> terms,
      double total,
      double samplesPerSecond,
      double dataWait) {}
}
