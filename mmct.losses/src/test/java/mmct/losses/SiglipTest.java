package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// The pairwise sigmoid loss among the rows of a batch.
class SiglipTest {
  private static final Formula FORMULA =
      (given, still) -> {
        double scale = Math.exp(given.parameter("logScale"));
        double[][] s =
            BatchFormulas.similarities(
                BatchFormulas.query(given, 0), BatchFormulas.query(given, 1), 1 / scale);
        double[] values = new double[s.length];
        for (int i = 0; i < s.length; i++) {
          for (int j = 0; j < s.length; j++) {
            double z = i == j ? 1 : -1;
            values[i] += Math.log1p(Math.exp(-z * (s[i][j] + given.parameter("bias"))));
          }
        }
        return values;
      };

  @Test
  void agreesWithBruteForceAndFiniteDifferences() {
    Siglip loss = new Siglip(new SiglipOptions(10, -10));
    FORMULA.check(loss, new LossCases(6, 5, 0).alike(0.5).of(loss.needs(), 2), 2e-5);
    Siglip near = new Siglip(new SiglipOptions(2, -0.5));
    FORMULA.check(near, new LossCases(6, 5, 0).of(near.needs(), 2), 2e-5);
  }

  @Test
  void exchangingTheModalitiesKeepsTheMean() {
    Siglip loss = new Siglip(new SiglipOptions(10, -10));
    LossCase given = new LossCases(6, 5, 0).of(loss.needs(), 2);
    LossCase exchanged =
        new LossCase(
            given.sides().reversed(),
            given.positives(),
            given.parameters(),
            given.states(),
            given.instances(),
            0,
            0);
    assertThat(exchanged.evaluate(loss).mean())
        .isCloseTo(given.evaluate(loss).mean(), within(1e-4));
  }
}
