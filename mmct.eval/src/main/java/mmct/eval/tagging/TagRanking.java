package mmct.eval.tagging;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The figures of scores on images whose tags are known.
final class TagRanking {
  private static final int BLOCK = 512;

  private final List<int[]> truths;
  private final int tags;

  /// Prepares the figures.
  ///
  /// @param truths the true tags of each image, ascending, at least one each
  /// @param tags the number of tags T
  TagRanking(List<int[]> truths, int tags) {
    this.truths = truths;
    this.tags = tags;
  }

  /// The figures by name, per cent.
  Map<String, Double> figures(TagScores scores) {
    double[] overlaps = meanOverlaps(scores);
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int i = 0; i < overlaps.length; i++) {
      figures.put("mIOU@" + TagFigures.CUTOFFS.get(i), overlaps[i]);
    }
    figures.put("mAP", meanAveragePrecision(scores));
    return figures;
  }

  private double[] meanOverlaps(TagScores scores) {
    double[] means = new double[TagFigures.CUTOFFS.size()];
    for (int from = 0; from < truths.size(); from += BLOCK) {
      int to = Math.min(truths.size(), from + BLOCK);
      float[] rows = scores.ofImages(from, to);
      for (int image = from; image < to; image++) {
        float[] row = Arrays.copyOfRange(rows, (image - from) * tags, (image - from + 1) * tags);
        double[] overlap = TagFigures.overlap(row, truths.get(image), TagFigures.CUTOFFS);
        Arrays.setAll(means, i -> means[i] + overlap[i] / truths.size());
      }
    }
    return means;
  }

  /// The mean over the tags that an image has.
  private double meanAveragePrecision(TagScores scores) {
    int n = truths.size();
    double sum = 0;
    int judged = 0;
    for (int from = 0; from < tags; from += BLOCK) {
      int to = Math.min(tags, from + BLOCK);
      boolean[][] owners = owners(from, to);
      float[] rows = scores.ofTags(from, to);
      for (int i = 0; i < to - from; i++) {
        if (owners[i].length > 0) {
          float[] row = Arrays.copyOfRange(rows, i * n, (i + 1) * n);
          sum += TagFigures.averagePrecision(row, owners[i]);
          judged++;
        }
      }
    }
    return sum / judged;
  }

  /// Per tag of a block which images have it; empty where none has.
  private boolean[][] owners(int from, int to) {
    boolean[][] owners = new boolean[to - from][0];
    for (int image = 0; image < truths.size(); image++) {
      for (int tag : truths.get(image)) {
        if (tag >= from && tag < to) {
          if (owners[tag - from].length == 0) {
            owners[tag - from] = new boolean[truths.size()];
          }
          owners[tag - from][image] = true;
        }
      }
    }
    return owners;
  }
}
