package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// InfoNCE with a margin on the positives.
class InfoNceMarginTest {
  private static final double TEMPERATURE = 0.2;

  private static Formula formula(double margin) {
    return (given, still) -> {
      double[] values = new double[given.n()];
      for (int i = 0; i < values.length; i++) {
        List<Double> positives = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        positives.add(BatchFormulas.own(given, i, TEMPERATURE) - margin / TEMPERATURE);
        for (int j = 0; j < given.queue().length; j++) {
          double logit = Arrays64.dot(given.query()[i], given.queue()[j]) / TEMPERATURE;
          if (given.positives().isPresent() && given.positives().get()[i][j]) {
            positives.add(logit - margin / TEMPERATURE);
          } else if (!given.masked()[i][j]) {
            all.add(logit);
          }
        }
        all.addAll(positives);
        double mean = positives.stream().mapToDouble(x -> x).average().orElseThrow();
        values[i] = Formula.logSumExp(all) - mean;
      }
      return values;
    };
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, 0, 0.3})
  void agreesWithBruteForceAndFiniteDifferences(double margin) {
    InfoNce loss = new InfoNce(TEMPERATURE, margin);
    LossCase given = new LossCases(5, 4, 11, 0.2, 0, 0.5).of(loss.needs(), 7);
    formula(margin).check(loss, given, 1e-5);
    formula(margin).check(loss, given.withoutPositives(), 1e-5);
  }

  @Test
  void indistinguishableCandidatesCostWhatItSays() {
    InfoNce loss = new InfoNce(TEMPERATURE, -0.5);
    LossCase given = new LossCases(1, 3, 10, 0, 0, 0).of(loss.needs(), 1).withoutPositives();
    for (double[][] rows : List.of(given.query(), given.key(), given.queue())) {
      for (double[] row : rows) {
        row[0] = 1;
        row[1] = 0;
        row[2] = 0;
      }
    }
    assertThat(given.evaluate(loss).mean())
        .isCloseTo(loss.chanceLevel(10).getAsDouble(), within(1e-5));
  }

  @Test
  void aMarginBeyondTheCosinesIsRefused() {
    assertThatThrownBy(() -> new InfoNce(TEMPERATURE, 3))
        .hasMessage("margin must be from -2 to 2 but was 3.0");
  }
}
