package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Continuously weighted contrastive loss.
class CwclTest {
  private static Cwcl loss(Cwcl.Reference reference, Optional<Double> sharp) {
    return new Cwcl(new CwclOptions(0.2, true, 0.01, reference, sharp));
  }

  private static double[] targets(LossCase given, int row, Optional<Double> sharp) {
    LossCase.Side first = given.sides().getFirst();
    double[][] e =
        first.backbone() == null
            ? first.keys().getFirst()
            : LossCases.normalised(given.copy().sides().getFirst().backbone());
    double[] weights = new double[e.length];
    for (int j = 0; j < weights.length; j++) {
      double cosine = Arrays64.dot(e[row], e[j]);
      weights[j] = sharp.map(t -> Math.exp((cosine - 1) / t)).orElse((1 + cosine) / 2);
    }
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(w -> w / sum).toArray();
  }

  private static Formula formula(Optional<Double> sharp) {
    return (given, still) -> {
      double temperature = Math.exp(given.parameter(Temperature.PARAMETER));
      double[][] there =
          BatchFormulas.similarities(
              BatchFormulas.query(given, 0), BatchFormulas.query(given, 1), temperature);
      double[][] back = BatchFormulas.transposed(there);
      double[] values = new double[there.length];
      for (int i = 0; i < values.length; i++) {
        double[] own = BatchFormulas.oneHot(i, values.length, 0);
        values[i] =
            (Formula.crossEntropy(targets(still, i, sharp), there[i])
                    + Formula.crossEntropy(own, back[i]))
                / 2;
      }
      return values;
    };
  }

  @ParameterizedTest
  @CsvSource({"MOMENTUM,", "BACKBONE,", "MOMENTUM, 0.1", "BACKBONE, 0.5"})
  void agreesWithBruteForceAndFiniteDifferences(Cwcl.Reference reference, Double sharp) {
    Cwcl loss = loss(reference, Optional.ofNullable(sharp));
    LossCase given = new LossCases(6, 5, 0).alike(0.3).of(loss.needs(), 2);
    formula(Optional.ofNullable(sharp)).check(loss, given, 3e-5);
  }

  @Test
  void rowsThatAreAlikeToNoneButThemselvesMakeItClip() {
    Cwcl loss = loss(Cwcl.Reference.MOMENTUM, Optional.of(1e-3));
    LossCase given = new LossCases(6, 8, 0).of(loss.needs(), 2);
    Clip clip = new Clip(new ClipOptions(0.2, true, 0.01, 0.5, 0));
    assertThat(given.evaluate(loss).rows())
        .containsExactly(given.evaluate(clip).rows(), within(1e-5f));
  }

  @Test
  void rowsThatAreAllAlikeCostAtLeastTheLogOfTheirCount() {
    Cwcl loss = loss(Cwcl.Reference.MOMENTUM, Optional.empty());
    LossCase given = new LossCases(6, 4, 0).alike(0.9).of(loss.needs(), 2);
    double[][] keys = given.sides().getFirst().keys().getFirst();
    for (double[] key : keys) {
      System.arraycopy(keys[0], 0, key, 0, 4);
    }
    double own = 0;
    double[] clip =
        BatchFormulas.clip(BatchFormulas.query(given, 0), BatchFormulas.query(given, 1), 0.2, 0, 0);
    for (double value : clip) {
      own += value / clip.length;
    }
    assertThat(2 * given.evaluate(loss).mean() - own)
        .as("the weighted direction is at least its targets' entropy")
        .isGreaterThanOrEqualTo(Math.log(6) - 1e-5);
  }
}
