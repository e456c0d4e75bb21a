package mmct.eval;

import static mmct.eval.FeatureTable.item;
import static mmct.eval.FeatureTable.items;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import mmct.api.spi.Evaluation;
import org.junit.jupiter.api.Test;

/// What a random ranking would reach, as the protocol tells it.
class RetrievalChanceTest {

  @Test
  void figuresAndChanceHaveTheSameNamesInTheSameOrder() {
    Random random = new Random(15);
    Evaluation evaluation = evaluate(FeatureTable.random(20, 4, random, random::nextGaussian));
    assertThat(new ArrayList<>(chance(evaluation).keySet()))
        .isEqualTo(new ArrayList<>(evaluation.figures().keySet()))
        .hasSize(10);
  }

  @Test
  void aThousandPicturesOfFiveCaptionsHaveTheChanceThatThePaperReports() {
    FeatureTable table = FeatureTable.imagesAndCaptions();
    float[] some = item(1);
    for (int i = 0; i < 1000; i++) {
      table.sample("s" + i, items(some), items(some, some, some, some, some));
    }
    Map<String, Double> chance = chance(evaluate(table));
    assertThat(chance.get("caption-to-image.R@1")).isCloseTo(0.1, within(1e-9));
    assertThat(chance.get("caption-to-image.R@10")).isCloseTo(1.0, within(1e-9));
    assertThat(chance.get("caption-to-image.medianRank")).isEqualTo(500);
    assertThat(chance.get("caption-to-image.meanRank")).isCloseTo(500.5, within(1e-9));
    assertThat(chance.get("image-to-caption.R@1")).isCloseTo(0.1, within(1e-9));
    assertThat(chance.get("image-to-caption.R@10")).isCloseTo(1.0, within(5e-3));
    // Table 7 rounds it to 650.
    assertThat(chance.get("image-to-caption.medianRank")).isBetween(640.0, 655.0);
  }

  @Test
  void chanceIsWhatRandomFeaturesReachOnAverage() {
    int trials = 600;
    Map<String, Double> sums = new LinkedHashMap<>();
    Map<String, Double> squares = new LinkedHashMap<>();
    Map<String, Double> chance = Map.of();
    for (int trial = 0; trial < trials; trial++) {
      // The shapes are the same in every trial, the features are not.
      Random values = new Random(99_000 + trial);
      FeatureTable table = FeatureTable.random(25, 12, new Random(16), values::nextGaussian);
      Evaluation evaluation = evaluate(table);
      chance = chance(evaluation);
      evaluation.figures().forEach((name, value) -> sums.merge(name, value, Double::sum));
      evaluation
          .figures()
          .forEach((name, value) -> squares.merge(name, value * value, Double::sum));
    }
    for (String name : List.of("R@1", "R@5", "R@10", "meanRank")) {
      for (String direction : List.of("image-to-caption.", "caption-to-image.")) {
        double mean = sums.get(direction + name) / trials;
        double variance = squares.get(direction + name) / trials - mean * mean;
        assertThat(mean)
            .as(direction + name)
            .isCloseTo(chance.get(direction + name), within(4 * Math.sqrt(variance / trials)));
      }
    }
  }

  private static Evaluation evaluate(FeatureTable table) {
    return new RetrievalProvider()
        .create(RetrievalOptions.byDefault())
        .evaluate(table)
        .orElseThrow();
  }

  private static Map<String, Double> chance(Evaluation evaluation) {
    Map<String, Double> chance = new LinkedHashMap<>();
    ((Map<?, ?>) evaluation.protocol().get("chance"))
        .forEach((name, level) -> chance.put((String) name, (Double) level));
    return chance;
  }
}
