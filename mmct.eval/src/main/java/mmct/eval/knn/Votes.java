package mmct.eval.knn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import mmct.api.engine.Torch;
import mmct.eval.classification.Accuracy;
import mmct.eval.classification.ClassificationTask;
import mmct.eval.classification.LabelledItems;

/// The votes of the nearest neighbours.
///
/// Every similarity is computed: the search is exact. The matrix of similarities never exists; some
/// rows of it are computed, counted and forgotten.
///
/// @param task the items
/// @param voting the numbers of neighbours, each at most the number of items to learn from
/// @param temperature a neighbour of cosine s votes with exp(s / temperature)
/// @param similarities the most similarities that exist at one time, but for one row
record Votes(ClassificationTask task, List<Integer> voting, double temperature, long similarities) {

  /// Per number of neighbours, per judged item, how many classes have as many votes as its own.
  List<int[]> ranks(Device device) {
    int items = task.test().count();
    int neighbours = task.train().count();
    List<int[]> ranks = voting.stream().map(_ -> new int[items]).toList();
    int block = Math.toIntExact(Math.clamp(similarities / neighbours, 1, items));
    try (NDManager manager = NDManager.newBaseManager(device);
        var _ = Torch.withoutGradient()) {
      NDArray keys = unit(task.train(), 0, neighbours, manager).transpose(); // [d, n]
      for (int from = 0; from < items; from += block) {
        int to = Math.min(from + block, items);
        try (NDManager scope = manager.newSubManager()) {
          NDArray queries = unit(task.test(), from, to, scope); // [b, d]
          count(queries.matMul(keys).toFloatArray(), from, to, ranks);
        }
      }
    }
    return ranks;
  }

  /// Rows of norm 1 `[n, d]`; a row of zeros stays one and is at right angles to all others.
  private static NDArray unit(LabelledItems items, int from, int to, NDManager manager) {
    int width = items.width();
    float[] rows = Arrays.copyOfRange(items.values(), from * width, to * width);
    for (int row = 0; row < to - from; row++) {
      double squares = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        squares += (double) rows[i] * rows[i];
      }
      double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
      for (int i = row * width; i < (row + 1) * width; i++) {
        rows[i] = (float) (rows[i] * scale);
      }
    }
    return manager.create(rows, new Shape(to - from, width));
  }

  private void count(float[] block, int from, int to, List<int[]> ranks) {
    int neighbours = task.train().count();
    int most = voting.stream().mapToInt(k -> k).max().orElseThrow();
    IntStream.range(from, to)
        .parallel()
        .forEach(
            item -> {
              int row = (item - from) * neighbours;
              float[] nearest = Nearest.of(block, row, neighbours, most);
              for (int i = 0; i < voting.size(); i++) {
                float[] votes = votes(block, row, nearest, voting.get(i));
                ranks.get(i)[item] =
                    Accuracy.rank(votes, 0, votes.length, task.test().classes()[item]);
              }
            });
  }

  /// The votes for each class.
  ///
  /// @param block holds the item's similarities from `row` on
  /// @param nearest the largest of them, descending
  /// @param k how many neighbours vote
  private float[] votes(float[] block, int row, float[] nearest, int k) {
    float last = nearest[k - 1];
    int nearer = k - 1;
    while (nearer > 0 && nearest[nearer - 1] == last) {
      nearer--;
    }
    double[] votes = new double[task.classes().size()];
    int[] ties = new int[votes.length];
    int[] classes = task.train().classes();
    int tied = 0;
    for (int i = 0; i < classes.length; i++) {
      float similarity = block[row + i];
      if (similarity > last) {
        votes[classes[i]] += weight(similarity, nearest[0]);
      } else if (similarity == last) {
        ties[classes[i]]++;
        tied++;
      }
    }
    // Which of several neighbours at one distance is the k-th would be the order of the files.
    double share = (double) (k - nearer) / tied * weight(last, nearest[0]);
    float[] sums = new float[votes.length];
    for (int c = 0; c < sums.length; c++) {
      sums[c] = (float) (votes[c] + share * ties[c]);
    }
    return sums;
  }

  /// The weight of a vote, as a part of the nearest one's.
  private double weight(float similarity, float largest) {
    return Math.exp(((double) similarity - largest) / temperature);
  }
}
