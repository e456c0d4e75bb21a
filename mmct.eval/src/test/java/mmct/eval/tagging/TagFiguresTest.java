package mmct.eval.tagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Figures of scores that are written down.
class TagFiguresTest {

  @Test
  void overlapIsWhatBothHaveOfWhatEitherHas() {
    float[] scores = {0.9f, 0.8f, 0.7f, 0.6f, 0.5f, 0.4f};
    assertThat(TagFigures.overlap(scores, new int[] {0, 2, 5}, List.of(1, 2, 3, 6, 9)))
        .containsExactly(new double[] {100.0 / 3, 100.0 / 4, 50, 50, 50}, within(1e-12));
  }

  @Test
  void equalScoresCountAgainstTheModel() {
    float[] same = new float[10];
    assertThat(TagFigures.overlap(same, new int[] {0, 1}, List.of(5, 8, 9)))
        .containsExactly(new double[] {0, 0, 10}, within(1e-12));
    boolean[] right = {true, false, false, false};
    assertThat(TagFigures.averagePrecision(new float[4], right)).isEqualTo(25);
    assertThat(TagFigures.averagePrecision(new float[] {0f, -0f, -0f, 0f}, right)).isEqualTo(25);
  }

  @Test
  void averagePrecisionIsTheMeanPrecisionAtEachRightOne() {
    float[] scores = {-0.5f, 0.9f, 0.1f, -0.9f};
    boolean[] right = {true, true, false, false};
    assertThat(TagFigures.averagePrecision(scores, right))
        .isCloseTo(100 * (1 + 2.0 / 3) / 2, within(1e-12));
  }

  @Test
  void overlapsFollowTheirDefinitionOnRandomScoresWithTies() {
    Random random = new Random(4);
    for (int trial = 0; trial < 300; trial++) {
      int tags = 2 + random.nextInt(30);
      float[] scores = new float[tags];
      for (int i = 0; i < tags; i++) {
        scores[i] = random.nextInt(8);
      }
      int[] truth =
          IntStream.range(0, tags).filter(i -> i == 0 || random.nextInt(4) == 0).toArray();
      int k = 1 + random.nextInt(25);
      assertThat(TagFigures.overlap(scores, truth, List.of(k))[0])
          .isCloseTo(bySorting(scores, truth, k), within(1e-9));
    }
  }

  private static double bySorting(float[] scores, int[] truth, int k) {
    List<Integer> own = Arrays.stream(truth).boxed().toList();
    List<Integer> top =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(
                (a, b) ->
                    scores[a] == scores[b]
                        ? Boolean.compare(own.contains(a), own.contains(b))
                        : Float.compare(scores[b], scores[a]))
            .limit(k)
            .toList();
    long both = top.stream().filter(own::contains).count();
    return 100.0 * both / (top.size() + own.size() - both);
  }

  @Test
  void chanceIsWhatRandomScoresReachOnAverage() {
    Random random = new Random(8);
    List<int[]> truths = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int[] truth = IntStream.range(0, 25).filter(t -> random.nextInt(5) == 0).toArray();
      truths.add(truth.length == 0 ? new int[] {i} : truth);
    }
    Map<String, Double> chance = TagFigures.chance(truths, 25);
    TagRanking ranking = new TagRanking(truths, 25);
    int trials = 4000;
    double[] sums = new double[chance.size()];
    double[] squares = new double[chance.size()];
    for (int trial = 0; trial < trials; trial++) {
      List<Double> values = List.copyOf(ranking.figures(written(random, 12, 25)).values());
      for (int i = 0; i < sums.length; i++) {
        sums[i] += values.get(i) / trials;
        squares[i] += values.get(i) * values.get(i) / trials;
      }
    }
    List<String> names = List.copyOf(chance.keySet());
    assertThat(names).containsExactly("mIOU@5", "mIOU@10", "mIOU@15", "mIOU@20", "mAP");
    for (int i = 0; i < sums.length; i++) {
      double error = Math.sqrt((squares[i] - sums[i] * sums[i]) / trials);
      assertThat(sums[i]).as(names.get(i)).isCloseTo(chance.get(names.get(i)), within(4 * error));
    }
  }

  @Test
  void aPerfectOrderIsPerfectWhereThereAreAsManyTagsAsPlaces() {
    List<int[]> truths = List.of(new int[] {0, 1, 2, 3, 4}, new int[] {3, 4, 5, 6, 7});
    float[] images = new float[16];
    for (int image = 0; image < 2; image++) {
      for (int tag : truths.get(image)) {
        images[image * 8 + tag] = 1;
      }
    }
    float[] tags = new float[64];
    IntStream.range(0, 8).forEach(tag -> tags[tag * 9] = 1);
    Map<String, Double> figures =
        new TagRanking(truths, 8).figures(new TagScores.Cosine(images, tags, 8));
    assertThat(figures.get("mIOU@5")).isEqualTo(100);
    assertThat(figures.get("mIOU@20")).isEqualTo(62.5);
    assertThat(figures.get("mAP")).isEqualTo(100);
  }

  @Test
  void blocksOfImagesAndTagsSeeTheSameScores() {
    Random random = new Random(2);
    float[] frequencies = new float[700];
    List<int[]> truths = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      truths.add(new int[] {random.nextInt(100), 100 + random.nextInt(600)});
    }
    truths.forEach(truth -> Arrays.stream(truth).forEach(tag -> frequencies[tag]++));
    Map<String, Double> alone =
        new TagRanking(truths, 700).figures(new TagScores.OfTagsAlone(frequencies, 600));
    float[] ones = new float[600];
    Arrays.fill(ones, 1);
    assertThat(new TagRanking(truths, 700).figures(new TagScores.Cosine(ones, frequencies, 1)))
        .isEqualTo(alone);
  }

  /// Random scores of all images and tags, as products of unit vectors with columns.
  private static TagScores written(Random random, int images, int tags) {
    float[] scores = new float[images * tags];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = random.nextFloat();
    }
    float[] unit = new float[tags * tags];
    IntStream.range(0, tags).forEach(tag -> unit[tag * (tags + 1)] = 1);
    return new TagScores.Cosine(scores, unit, tags);
  }
}
