package mmct.losses;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Parts of formulas in float64 that several tests share.
final class BatchFormulas {
  private BatchFormulas() {}

  /// Dot products of all rows, divided by a temperature: `[a.length][b.length]`.
  static double[][] similarities(double[][] a, double[][] b, double temperature) {
    double[][] all = new double[a.length][b.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b.length; j++) {
        all[i][j] = Arrays64.dot(a[i], b[j]) / temperature;
      }
    }
    return all;
  }

  static double[][] transposed(double[][] rows) {
    double[][] columns = new double[rows[0].length][rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows[0].length; j++) {
        columns[j][i] = rows[i][j];
      }
    }
    return columns;
  }

  /// One at a place, the share ε of it spread over all.
  static double[] oneHot(int place, int length, double smoothing) {
    double[] targets = new double[length];
    Arrays.fill(targets, smoothing / length);
    targets[place] += 1 - smoothing;
    return targets;
  }

  /// Similarities with the unmasked queue rows of the last participant, divided by a temperature.
  static List<Double> candidates(LossCase given, int row, double temperature) {
    List<Double> all = new ArrayList<>();
    for (int j = 0; j < given.queue().length; j++) {
      if (!given.masked()[row][j]) {
        all.add(Arrays64.dot(given.query()[row], given.queue()[j]) / temperature);
      }
    }
    return all;
  }

  /// The similarity with the own key, divided by a temperature.
  static double own(LossCase given, int row, double temperature) {
    return Arrays64.dot(given.query()[row], given.key()[row]) / temperature;
  }

  /// InfoNCE of an own similarity against others.
  static double infoNce(double own, List<Double> others) {
    List<Double> all = new ArrayList<>(others);
    all.add(own);
    return Formula.logSumExp(all) - own;
  }

  /// The symmetric cross-entropy of CLIP, a value per row.
  static double[] clip(
      double[][] first, double[][] second, double temperature, double lambda, double smoothing) {
    double[][] there = similarities(first, second, temperature);
    double[][] back = transposed(there);
    double[] values = new double[first.length];
    for (int i = 0; i < values.length; i++) {
      double[] targets = oneHot(i, values.length, smoothing);
      values[i] =
          lambda * Formula.crossEntropy(targets, there[i])
              + (1 - lambda) * Formula.crossEntropy(targets, back[i]);
    }
    return values;
  }

  /// The first query view of a participant.
  static double[][] query(LossCase given, int side) {
    return given.sides().get(side).queries().getFirst();
  }
}
