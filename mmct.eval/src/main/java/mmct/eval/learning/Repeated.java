package mmct.eval.learning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/// Figures of several runs of one evaluation that differ in their seeds alone.
public final class Repeated {
  private Repeated() {}

  /// The mean of each figure and, of several runs, the standard deviation in a group `deviation`.
  ///
  /// @param runs at least one, all with the same names
  public static Map<String, Double> figures(List<Map<String, Double>> runs) {
    Map<String, Double> figures = new LinkedHashMap<>(mean(runs));
    if (runs.size() > 1) {
      deviation(runs).forEach((name, value) -> figures.put("deviation." + name, value));
    }
    return figures;
  }

  /// The mean of each figure, in the order of the first.
  ///
  /// @param runs at least one, all with the same names
  static Map<String, Double> mean(List<Map<String, Double>> runs) {
    Map<String, Double> means = new LinkedHashMap<>();
    for (String name : runs.getFirst().keySet()) {
      means.put(name, values(runs, name).average().orElseThrow());
    }
    return means;
  }

  /// The standard deviation of each figure over the runs, with n − 1 in the denominator.
  ///
  /// @param runs at least two, all with the same names
  static Map<String, Double> deviation(List<Map<String, Double>> runs) {
    Map<String, Double> deviations = new LinkedHashMap<>();
    mean(runs)
        .forEach(
            (name, mean) -> {
              double squares = values(runs, name).map(v -> (v - mean) * (v - mean)).sum();
              deviations.put(name, Math.sqrt(squares / (runs.size() - 1)));
            });
    return deviations;
  }

  private static DoubleStream values(List<Map<String, Double>> runs, String name) {
    return runs.stream().mapToDouble(run -> run.getOrDefault(name, Double.NaN));
  }
}
