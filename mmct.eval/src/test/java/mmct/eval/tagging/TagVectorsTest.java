package mmct.eval.tagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Where tags lie.
class TagVectorsTest {

  @Test
  void mutualInformationFollowsItsDefinitionOnRandomTags() {
    Random random = new Random(3);
    List<int[]> samples = topics(200, 30, random);
    double[][] ppmi = Ppmi.of(samples, 30).dense();
    for (int a = 0; a < 30; a++) {
      for (int b = 0; b < 30; b++) {
        assertThat(ppmi[a][b])
            .as("%d, %d", a, b)
            .isCloseTo(byDefinition(samples, a, b), within(1e-12));
      }
    }
  }

  @Test
  void allDimensionsTogetherGiveBackAPositiveMatrix() {
    // Tags that never meet: the matrix is diagonal and has no negative eigenvalue.
    List<int[]> samples = List.of(new int[] {0}, new int[] {1}, new int[] {2}, new int[] {2});
    double[] rooted = new TruncatedSvd(Ppmi.of(samples, 3)).rooted(9);
    double[][] ppmi = Ppmi.of(samples, 3).dense();
    for (int a = 0; a < 3; a++) {
      for (int b = 0; b < 3; b++) {
        assertThat(dot(rooted, a, b, 3)).isCloseTo(ppmi[a][b], within(1e-12));
      }
    }
  }

  @Test
  void samplingFindsWhatDecomposingTheWholeFinds() {
    List<int[]> samples = topics(3000, 500, new Random(7));
    SparseMatrix ppmi = Ppmi.of(samples, 500);
    int width = 40;
    double[] whole = new TruncatedSvd(ppmi, 500).rooted(width);
    double[] sampled = new TruncatedSvd(ppmi, 100).rooted(width);
    // A row's squares are its share of the singular values; their sum is what is kept of all.
    double kept = squares(whole, width);
    assertThat(squares(sampled, width)).isBetween(0.995 * kept, kept + 1e-9);
  }

  @Test
  void aMatrixOfLowRankIsSampledExactly() {
    // 300 tags in ten groups that always come together: rank 10.
    List<int[]> samples = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      int group = i % 10;
      samples.add(IntStream.range(group * 30, group * 30 + 30).toArray());
    }
    SparseMatrix ppmi = Ppmi.of(samples, 300);
    double[] sampled = new TruncatedSvd(ppmi, 50).rooted(20);
    double[][] dense = ppmi.dense();
    for (int a = 0; a < 300; a += 13) {
      for (int b = 0; b < 300; b += 17) {
        assertThat(dot(sampled, a, b, 20)).isCloseTo(dense[a][b], within(1e-9));
      }
    }
  }

  @Test
  void theMeanOfTagsIsAUnitVectorBetweenThem() {
    TagVectors vectors = new TagVectors(new float[] {3, 0, 0, 4, 0, 0}, 2);
    assertThat(vectors.mean(0, 1).orElseThrow())
        .containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
    assertThat(vectors.mean(2)).isEmpty();
    assertThat(vectors.mean()).isEmpty();
    assertThat(vectors.normalised()).containsExactly(1, 0, 0, 1, 0, 0);
  }

  @Test
  void theMostFrequentTagsAreKeptAndNamesBreakTies() {
    TagVocabulary vocabulary =
        TagVocabulary.mostFrequent(
            List.of(
                List.of("dog", " dog ", "snow"),
                List.of("sun  set", "dog"),
                List.of("cat", "sun set", ""),
                List.of()),
            3);
    assertThat(vocabulary.tags()).containsExactly("dog", "sun set", "cat");
    assertThat(vocabulary.indices(List.of("cat", "snow", "dog", "cat"))).containsExactly(0, 2);
  }

  /// Samples of overlapping topics, so that tags meet more or less often than by chance.
  static List<int[]> topics(int samples, int tags, Random random) {
    List<int[]> drawn = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      int topic = random.nextInt(tags);
      int count = random.nextInt(6);
      drawn.add(
          IntStream.range(0, count)
              .map(j -> Math.floorMod(topic + (int) (random.nextGaussian() * tags / 20.0), tags))
              .sorted()
              .distinct()
              .toArray());
    }
    return drawn;
  }

  private static double byDefinition(List<int[]> samples, int a, int b) {
    double n = samples.size();
    double pa = samples.stream().filter(s -> has(s, a)).count() / n;
    double pb = samples.stream().filter(s -> has(s, b)).count() / n;
    double both = samples.stream().filter(s -> has(s, a) && has(s, b)).count() / n;
    return both == 0 ? 0 : Math.max(0, Math.log(both / (pa * pb)));
  }

  private static boolean has(int[] sample, int tag) {
    return Arrays.stream(sample).anyMatch(t -> t == tag);
  }

  private static double dot(double[] rows, int a, int b, int width) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      // The sign of an eigenvalue is lost in its singular value, on both sides alike.
      sum += rows[a * width + i] * rows[b * width + i];
    }
    return sum;
  }

  private static double squares(double[] values, int width) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return sum / width;
  }
}
