package mmct.api.training;

import mmct.api.training.RunConfig.Per;
import mmct.api.training.RunConfig.ScheduleConfig;

/// The factor on the learning rates over the steps of a run.
///
/// @param config the curve
/// @param stepsPerEpoch optimiser steps of one epoch
/// @param totalSteps optimiser steps of all epochs, wherever the run is stopped
public record Schedule(ScheduleConfig config, long stepsPerEpoch, long totalSteps) {
  /// The factor for the next step.
  ///
  /// @param done optimiser steps done before it
  public double factor(long done) {
    return factor(done, (double) done);
  }

  /// The factor for the next step of a run that has not always read batches of this size.
  ///
  /// @param done optimiser steps done before it, which the warm-up counts
  /// @param place how far the run is, in steps of the present size, which the curve follows
  public double factor(long done, double place) {
    double warmup =
        config.warmupSteps() == 0
            ? 1
            : Math.min(1, (double) (done + 1) / (double) config.warmupSteps());
    return warmup
        * switch (config.type()) {
          case CONSTANT -> 1;
          case COSINE -> 0.5 * (1 + Math.cos(Math.PI * moment(place) / (double) totalSteps));
          case STEP -> Math.pow(config.gamma(), passed(place));
        };
  }

  private double moment(double place) {
    double steps = config.per() == Per.STEP ? place : epoch(place) * (double) stepsPerEpoch;
    return Math.min(steps, (double) totalSteps);
  }

  private double epoch(double place) {
    return Math.floor(place / (double) stepsPerEpoch);
  }

  private double passed(double place) {
    double epoch = epoch(place);
    return (double) config.milestones().stream().filter(milestone -> epoch >= milestone).count();
  }
}
