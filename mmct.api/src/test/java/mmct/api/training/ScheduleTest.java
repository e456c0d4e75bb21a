package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import mmct.api.config.Settings;
import mmct.api.training.RunConfig.ScheduleConfig;
import org.junit.jupiter.api.Test;

/// The factor on the learning rates.
class ScheduleTest {
  private static final long PER_EPOCH = 10;
  private static final long TOTAL = 100;

  private static Schedule schedule(Map<String, ?> settings) {
    return new Schedule(Settings.of(settings).bind(ScheduleConfig.class), PER_EPOCH, TOTAL);
  }

  @Test
  void aConstantRateStays() {
    Schedule constant = schedule(Map.of("type", "constant"));
    for (long done = 0; done < TOTAL; done++) {
      assertThat(constant.factor(done)).isEqualTo(1);
    }
  }

  @Test
  void halfACosineFallsFromOneToNearlyZero() {
    Schedule cosine = schedule(Map.of("type", "cosine"));
    assertThat(cosine.factor(0)).isEqualTo(1);
    assertThat(cosine.factor(TOTAL / 2)).isCloseTo(0.5, within(1e-12));
    assertThat(cosine.factor(TOTAL / 4)).isCloseTo((1 + Math.sqrt(0.5)) / 2, within(1e-12));
    assertThat(cosine.factor(TOTAL - 1)).isPositive().isLessThan(0.001);
    assertThat(cosine.factor(TOTAL)).isCloseTo(0, within(1e-12));
    assertThat(cosine.factor(2 * TOTAL)).as("it does not rise again").isCloseTo(0, within(1e-12));
  }

  /// `lr · ½(1 + cos(π · done / total)) · min(1, (done + 1) / warmup)`, as the comparable program
  /// in Python has it.
  @Test
  void warmUpMultipliesTheCurve() {
    Schedule both = schedule(Map.of("type", "cosine", "warmupSteps", 40));
    for (long done = 0; done < TOTAL; done++) {
      double cosine = 0.5 * (1 + Math.cos(Math.PI * (double) done / TOTAL));
      assertThat(both.factor(done))
          .isCloseTo(cosine * Math.min(1, (done + 1) / 40.0), within(1e-12));
    }
    assertThat(both.factor(0)).as("the first step already moves").isPositive();
    assertThat(schedule(Map.of("type", "constant", "warmupSteps", 4)).factor(3)).isEqualTo(1);
  }

  @Test
  void perEpochTheCosineMovesAtTheStartOfAnEpoch() {
    Schedule epochs = schedule(Map.of("type", "cosine", "per", "epoch"));
    Schedule steps = schedule(Map.of("type", "cosine", "per", "step"));
    for (long done = 0; done < TOTAL; done++) {
      assertThat(epochs.factor(done)).isEqualTo(steps.factor(done / PER_EPOCH * PER_EPOCH));
    }
  }

  @Test
  void atAMilestoneTheRateIsMultipliedByGamma() {
    Schedule steps = schedule(Map.of("type", "step", "milestones", List.of(3, 7), "gamma", 0.2));
    assertThat(steps.factor(29)).isEqualTo(1);
    assertThat(steps.factor(30)).isCloseTo(0.2, within(1e-12));
    assertThat(steps.factor(69)).isCloseTo(0.2, within(1e-12));
    assertThat(steps.factor(70)).isCloseTo(0.04, within(1e-12));
    assertThat(steps.factor(99)).isCloseTo(0.04, within(1e-12));
  }

  @Test
  void withoutMilestonesAStepScheduleIsConstant() {
    assertThat(schedule(Map.of("type", "step")).factor(99)).isEqualTo(1);
  }
}
