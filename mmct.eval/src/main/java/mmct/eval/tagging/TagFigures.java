package mmct.eval.tagging;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What scores of tags come to. All figures are per cent; equal scores count against the model: a
/// tag or an image that is wrong comes before one that is right.
final class TagFigures {
  /// The k of [#overlap], as in the paper's Table 5.
  static final List<Integer> CUTOFFS = List.of(5, 10, 15, 20);

  private TagFigures() {}

  /// How much the k best tags of an image overlap with its true ones:
  /// `|top-k ∩ truth| / |top-k ∪ truth|`, per cent.
  ///
  /// @param scores of all tags, `[T]`
  /// @param truth the true tags, at least one
  /// @param cutoffs the values of k; where there are fewer tags, all of them are taken
  /// @return one value for each cutoff
  static double[] overlap(float[] scores, int[] truth, List<Integer> cutoffs) {
    boolean[] isTrue = new boolean[scores.length];
    Arrays.stream(truth).forEach(tag -> isTrue[tag] = true);
    int most = cutoffs.stream().mapToInt(k -> Math.min(k, scores.length)).max().orElse(0);
    int[] best = best(scores, isTrue, most);
    double[] overlaps = new double[cutoffs.size()];
    for (int i = 0; i < overlaps.length; i++) {
      int k = Math.min(cutoffs.get(i), scores.length);
      int hits = (int) IntStream.range(0, k).filter(rank -> isTrue[best[rank]]).count();
      overlaps[i] = 100.0 * hits / (k + truth.length - hits);
    }
    return overlaps;
  }

  /// The tags of the highest scores, the highest first.
  private static int[] best(float[] scores, boolean[] isTrue, int count) {
    int[] best = new int[count];
    int filled = 0;
    for (int tag = 0; tag < scores.length; tag++) {
      int place = filled;
      while (place > 0 && before(tag, best[place - 1], scores, isTrue)) {
        place--;
      }
      if (place < count) {
        filled = Math.min(filled + 1, count);
        System.arraycopy(best, place, best, place + 1, filled - place - 1);
        best[place] = tag;
      }
    }
    return best;
  }

  /// Whether a tag comes before one with a lower index.
  private static boolean before(int tag, int other, float[] scores, boolean[] isTrue) {
    return scores[tag] > scores[other]
        || (scores[tag] == scores[other] && !isTrue[tag] && isTrue[other]);
  }

  /// Average precision of a ranking: the mean, over the right ones, of the share of right ones
  /// up to there, per cent.
  ///
  /// @param scores of all images for one tag, `[n]`
  /// @param right which images have the tag, at least one
  static double averagePrecision(float[] scores, boolean[] right) {
    long[] keys = new long[scores.length];
    for (int image = 0; image < keys.length; image++) {
      keys[image] = descending(scores[image]) << 1 | (right[image] ? 1 : 0);
    }
    Arrays.sort(keys);
    double sum = 0;
    int found = 0;
    for (int rank = 0; rank < keys.length; rank++) {
      if ((keys[rank] & 1) == 1) {
        found++;
        sum += (double) found / (rank + 1);
      }
    }
    return 100 * sum / found;
  }

  /// A number that is the smaller the larger the score is.
  private static long descending(float score) {
    // Adding zero makes one zero of the two.
    int bits = Float.floatToIntBits(score + 0f);
    return ~(long) (bits < 0 ? bits ^ Integer.MAX_VALUE : bits);
  }

  /// What a random order of the tags reaches on average, by the names of the figures; exact.
  ///
  /// @param truths the true tags of each image, at least one each
  /// @param tags the number of tags T
  static Map<String, Double> chance(List<int[]> truths, int tags) {
    Map<String, Double> chance = new LinkedHashMap<>();
    for (int k : CUTOFFS) {
      double[] byCount = new double[tags + 1];
      Arrays.fill(byCount, Double.NaN);
      double sum = 0;
      for (int[] truth : truths) {
        if (Double.isNaN(byCount[truth.length])) {
          byCount[truth.length] = chance(Math.min(k, tags), truth.length, tags);
        }
        sum += byCount[truth.length];
      }
      chance.put("mIOU@" + k, sum / truths.size());
    }
    chance.put("mAP", meanAveragePrecisionOfChance(truths, tags));
    return chance;
  }

  /// The expected overlap where k of T tags are drawn: the hits are hypergeometric.
  private static double chance(int k, int own, int tags) {
    int fewest = Math.max(0, k + own - tags);
    int most = Math.min(k, own);
    // Ratios of neighbouring probabilities, since binomials of thousands overflow.
    double weight = 1;
    double weights = 0;
    double sum = 0;
    for (int hits = fewest; hits <= most; hits++) {
      weights += weight;
      sum += weight * hits / (k + own - hits);
      weight *= (double) (k - hits) * (own - hits) / ((hits + 1.0) * (tags - k - own + hits + 1.0));
    }
    return 100 * sum / weights;
  }

  /// The mean over tags of the expected average precision of a random order of the images:
  /// `(H + (r − 1)/(n − 1) (n − H)) / n` with r right ones of n and the harmonic number H of n.
  private static double meanAveragePrecisionOfChance(List<int[]> truths, int tags) {
    int[] counts = new int[tags];
    truths.forEach(truth -> Arrays.stream(truth).forEach(tag -> counts[tag]++));
    double n = truths.size();
    double harmonic = IntStream.rangeClosed(1, truths.size()).mapToDouble(i -> 1.0 / i).sum();
    return Arrays.stream(counts)
        .filter(right -> right > 0)
        .mapToDouble(
            right -> n == 1 ? 100 : 100 * (harmonic + (right - 1) / (n - 1) * (n - harmonic)) / n)
        .average()
        .orElseThrow();
  }
}
