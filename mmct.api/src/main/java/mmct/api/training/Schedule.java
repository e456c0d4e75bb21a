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
    double warmup =
        config.warmupSteps() == 0
            ? 1
            : Math.min(1, (double) (done + 1) / (double) config.warmupSteps());
    return warmup
        * switch (config.type()) {
          case CONSTANT -> 1;
          case COSINE -> 0.5 * (1 + Math.cos(Math.PI * moment(done) / (double) totalSteps));
          case STEP -> Math.pow(config.gamma(), passed(done));
        };
  }

  private double moment(long done) {
    long steps = config.per() == Per.STEP ? done : done / stepsPerEpoch * stepsPerEpoch;
    return (double) Math.min(steps, totalSteps);
  }

  private double passed(long done) {
    long epoch = done / stepsPerEpoch;
    return (double) config.milestones().stream().filter(milestone -> epoch >= milestone).count();
  }
}
