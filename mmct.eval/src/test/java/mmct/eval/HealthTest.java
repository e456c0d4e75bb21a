package mmct.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import org.junit.jupiter.api.Test;

/// What is said of features that are written down.
class HealthTest {

  @Test
  void theCatalogueFindsItByName() {
    assertThat(Catalogue.load().evaluator("health")).isInstanceOf(HealthProvider.class);
    assertThat(Settings.empty().bind(HealthOptions.class)).isEqualTo(HealthOptions.byDefault());
  }

  @Test
  void everyModalitySpaceAndPairHasItsFigures() {
    Evaluation evaluation = evaluate(pairs(new double[] {1, 0}, new double[] {0, 1}), 1000);
    assertThat(evaluation.figures())
        .containsOnlyKeys(
            "image.effectiveRank",
            "image.common.uniformity",
            "image.common.effectiveRank",
            "caption.effectiveRank",
            "caption.common.uniformity",
            "caption.common.effectiveRank",
            "image-caption.common.alignment",
            "image-caption.common.gap");
  }

  @Test
  void collapsedFeaturesAreAlignedWithoutUniformityInOneDirection() {
    Evaluation evaluation =
        evaluate(pairs(new double[] {1, 0}, new double[] {1, 0}, new double[] {1, 0}), 1000);
    assertThat(evaluation.figures())
        .containsEntry("image-caption.common.alignment", 0.0)
        .containsEntry("image-caption.common.gap", 0.0);
    close(evaluation, "image.common.uniformity", 0);
    close(evaluation, "image.common.effectiveRank", 1);
  }

  @Test
  void oppositePointsAreAsUniformAsTwoCanBe() {
    Evaluation evaluation = evaluate(pairs(new double[] {1, 0}, new double[] {-1, 0}), 1000);
    close(evaluation, "image.common.uniformity", -8); // log exp(−2·2²)
    close(evaluation, "image.common.effectiveRank", 1);
  }

  @Test
  void rightAnglesHaveTheirClosedForms() {
    double[][] axes = new double[6][6];
    for (int i = 0; i < 6; i++) {
      axes[i][i] = 1;
    }
    Evaluation evaluation = evaluate(pairs(axes), 1000);
    close(evaluation, "image.common.uniformity", -4); // all squared distances are 2
    close(evaluation, "image.effectiveRank", 6);
  }

  @Test
  void theEffectiveRankIsTheEntropyOfTheSingularValues() {
    // Singular values 3 and 1.
    SplitTable table =
        new SplitTable()
            .add("test", "a", Optional.empty(), 3, 0, 0)
            .add("test", "b", Optional.empty(), 0, 1, 0);
    double entropy = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
    close(evaluate(table, 1000), "image.effectiveRank", Math.exp(entropy));
  }

  @Test
  void manyRandomDirectionsAreNearTheLimitsOfTheSphere() {
    Random random = new Random(1);
    int width = 64;
    SplitTable table = new SplitTable().encoder("caption", "common");
    for (int i = 0; i < 800; i++) {
      table.add(
          "test",
          new Sample(
              "s" + i,
              Map.of(
                  "image", SplitTable.cell(unit(random, width)),
                  "caption", SplitTable.cell(unit(random, width)))));
    }
    Evaluation evaluation = evaluate(table, 1000);
    // E exp(4x·y) on the sphere is about exp(8/d).
    assertThat(evaluation.figures().get("image.common.uniformity"))
        .isCloseTo(-4 + 8.0 / width, within(0.02));
    assertThat(evaluation.figures().get("image-caption.common.alignment"))
        .isCloseTo(2, within(0.05));
    assertThat(evaluation.figures().get("image-caption.common.gap")).isLessThan(0.1);
    assertThat(evaluation.figures().get("image.effectiveRank")).isBetween(60.0, 64.0);
  }

  private static double[] unit(Random random, int width) {
    double[] values = random.doubles(width).toArray();
    Arrays.setAll(values, _ -> random.nextGaussian());
    double norm = Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
    return Arrays.stream(values).map(v -> v / norm).toArray();
  }

  @Test
  void theGapIsTheDistanceOfTheMeansWhateverThePairs() {
    SplitTable table = new SplitTable().encoder("caption", "common");
    double[][] images = {{1, 0}, {0.6, 0.8}};
    double[][] captions = {{0, -1}, {-0.8, -0.6}};
    for (int i = 0; i < 2; i++) {
      table.add(
          "test",
          new Sample(
              "s" + i,
              Map.of(
                  "image", SplitTable.cell(images[i]),
                  "caption", SplitTable.cell(captions[i]))));
    }
    Evaluation evaluation = evaluate(table, 1000);
    close(evaluation, "image-caption.common.gap", Math.hypot(1.2, 1.2));
    double first = 1 + 1;
    double second = 1.4 * 1.4 + 1.4 * 1.4;
    close(evaluation, "image-caption.common.alignment", (first + second) / 2);
  }

  @Test
  void samplesThatLackASideTakeNoPartInPairs() {
    SplitTable table = pairs(new double[] {1, 0}, new double[] {0, 1});
    table.add("test", "only image", Optional.empty(), -1, 0);
    Evaluation evaluation = evaluate(table, 1000);
    close(evaluation, "image-caption.common.alignment", 0);
    assertThat(evaluation.protocol()).containsEntry("samples", Map.of("image", 3, "caption", 2));
  }

  @Test
  void onlySoManySamplesAreLookedAtSpreadEvenly() {
    SplitTable table = new SplitTable().trainedOn("s0", "s2", "s5");
    for (int i = 0; i < 10; i++) {
      // The evenly spread ones, 0, 2, 5 and 7, are at right angles to each other.
      double[] feature = new double[4];
      feature[(i * 4 + 9) / 10 % 4] = 1;
      table.add("test", "s" + i, Optional.empty(), feature);
    }
    Evaluation evaluation = evaluate(table, 4);
    close(evaluation, "image.common.uniformity", -4);
    assertThat(evaluation.protocol())
        .containsEntry("atMost", 4)
        .containsEntry("datasetSamples", 10)
        .containsEntry("samples", Map.of("image", 4))
        .containsEntry("trainingOverlap", 3);
  }

  @Test
  void tooFewSamplesAreSkippedWithTheReason() {
    SplitTable table = new SplitTable().add("test", "a", Optional.empty(), 1, 0);
    assertThat(new HealthProvider().create(HealthOptions.byDefault()).evaluate(table)).isEmpty();
    assertThat(table.notes)
        .containsExactly("health needs at least 2 samples of a modality with an encoder");
  }

  @Test
  void featuresThatAreNotFiniteAreToldWithTheirSample() {
    SplitTable table =
        new SplitTable()
            .add("test", "a", Optional.empty(), 1, 0)
            .add("test", "bad", Optional.empty(), Double.POSITIVE_INFINITY, 0);
    assertThatThrownBy(() -> evaluate(table, 1000))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("holds Infinity (sample bad)");
  }

  /// Samples whose image and caption are the same point.
  private static SplitTable pairs(double[]... points) {
    SplitTable table = new SplitTable().encoder("caption", "common");
    for (int i = 0; i < points.length; i++) {
      table.add(
          "test",
          new Sample(
              "s" + i,
              Map.of(
                  "image", SplitTable.cell(points[i]),
                  "caption", SplitTable.cell(points[i]))));
    }
    return table;
  }

  private static void close(Evaluation evaluation, String figure, double expected) {
    assertThat(evaluation.figures().get(figure)).as(figure).isCloseTo(expected, within(1e-6));
  }

  private static Evaluation evaluate(SplitTable table, int samples) {
    return new HealthProvider()
        .create(new HealthOptions(samples))
        .evaluate(table)
        .orElseThrow(() -> new AssertionError(table.notes));
  }
}
