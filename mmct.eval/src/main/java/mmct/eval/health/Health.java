package mmct.eval.health;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.EvaluationContext.Features;
import mmct.api.spi.Evaluator;
import mmct.eval.HealthOptions;
import mmct.eval.features.FiniteFeatures;

/// Figures of the features themselves, cheap enough to be made again and again during training.
///
/// A sample's first item stands for it.
public final class Health implements Evaluator {
  private static final String BACKBONE = "";

  private final HealthOptions options;

  /// Creates the evaluation.
  public Health(HealthOptions options) {
    this.options = options;
  }

  @Override
  public Optional<Evaluation> evaluate(EvaluationContext context) {
    Map<String, Map<String, Items>> all = new LinkedHashMap<>();
    context.encoders().forEach((name, spaces) -> all.put(name, encode(name, spaces, context)));
    Map<String, Double> figures = new LinkedHashMap<>();
    all.forEach((name, bySpace) -> bySpace.forEach((space, i) -> single(name, space, i, figures)));
    pairs(all, figures);
    if (figures.isEmpty()) {
      context.skip("health needs at least 2 samples of a modality with an encoder");
      return Optional.empty();
    }
    return Optional.of(new Evaluation(figures, protocol(all, context)));
  }

  /// The first items of samples, by the index of the sample.
  private record Items(TreeMap<Integer, double[]> rows) {
    static Items of(Features features) {
      TreeMap<Integer, double[]> rows = new TreeMap<>();
      for (int item = 0; item < features.items(); item++) {
        double[] row = new double[features.width()];
        for (int i = 0; i < row.length; i++) {
          row[i] = features.values()[item * row.length + i];
        }
        rows.putIfAbsent(features.samples()[item], row);
      }
      return new Items(rows);
    }

    Points points() {
      return new Points(rows.values().toArray(double[][]::new));
    }

    Points of(Set<Integer> samples) {
      List<double[]> chosen = new ArrayList<>();
      rows.forEach(
          (sample, row) -> {
            if (samples.contains(sample)) {
              chosen.add(row);
            }
          });
      return new Points(chosen.toArray(double[][]::new));
    }
  }

  private Map<String, Items> encode(
      String modality, Set<String> spaces, EvaluationContext context) {
    Set<String> wanted = new LinkedHashSet<>(List.of(BACKBONE));
    wanted.addAll(new TreeSet<>(spaces));
    Map<String, Items> items = new LinkedHashMap<>();
    context
        .encode(modality, wanted, options.samples())
        .forEach(
            (space, features) ->
                items.put(
                    space, Items.of(FiniteFeatures.require(features, context, modality, space))));
    return items;
  }

  /// The figures of one modality in one space.
  private static void single(
      String modality, String space, Items items, Map<String, Double> figures) {
    if (items.rows().size() < 2) {
      return;
    }
    Points points = items.points();
    String prefix = space.isEmpty() ? modality + "." : modality + "." + space + ".";
    if (!space.isEmpty()) {
      figures.put(prefix + "uniformity", points.uniformity());
    }
    figures.put(prefix + "effectiveRank", points.effectiveRank());
  }

  /// The figures of each two modalities in each space that they share.
  private static void pairs(Map<String, Map<String, Items>> all, Map<String, Double> figures) {
    List<String> names = List.copyOf(all.keySet());
    for (int i = 0; i < names.size(); i++) {
      for (int j = i + 1; j < names.size(); j++) {
        Map<String, Items> some = all.getOrDefault(names.get(i), Map.of());
        Map<String, Items> others = all.getOrDefault(names.get(j), Map.of());
        String pair = names.get(i) + "-" + names.get(j);
        some.forEach(
            (space, items) -> {
              if (!space.isEmpty() && others.containsKey(space)) {
                pair(pair + "." + space + ".", items, others.get(space), figures);
              }
            });
      }
    }
  }

  private static void pair(String prefix, Items some, Items others, Map<String, Double> figures) {
    Set<Integer> both = new TreeSet<>(some.rows().keySet());
    both.retainAll(others.rows().keySet());
    if (both.isEmpty()) {
      return;
    }
    figures.put(prefix + "alignment", Points.alignment(some.of(both), others.of(both)));
    figures.put(prefix + "gap", Points.gap(some.of(both), others.of(both)));
  }

  private Map<String, Object> protocol(
      Map<String, Map<String, Items>> all, EvaluationContext context) {
    Map<String, Object> counts = new LinkedHashMap<>();
    Set<Integer> seen = new TreeSet<>();
    all.forEach(
        (name, bySpace) ->
            bySpace.values().stream()
                .findFirst()
                .ifPresent(
                    items -> {
                      counts.put(name, items.rows().size());
                      seen.addAll(items.rows().keySet());
                    }));
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put("alignment", "mean squared distance of a sample's two modalities");
    protocol.put("uniformity", "log of the mean of exp(-2 squared distance) over all pairs");
    protocol.put("effectiveRank", "exp of the entropy of the singular values, not centred");
    protocol.put("gap", "distance of the means");
    protocol.put("atMost", options.samples());
    protocol.put("datasetSamples", context.dataset().size());
    protocol.put("samples", counts);
    context.trainingIds().putOverlap(seen.stream().map(context.dataset()::id).toList(), protocol);
    return protocol;
  }
}
