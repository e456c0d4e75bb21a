package mmct.eval.retrieval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import mmct.api.spi.EvaluationContext;
import mmct.eval.EvaluationTable;
import mmct.eval.RetrievalOptions;

/// Turns the items of two modalities into figures and a protocol, wherever their features are from.
///
/// @param query the modality that searches first
/// @param key the modality that is searched first
/// @param options folds and their size
/// @param block the items per side that are compared at one time
record Judging(String query, String key, RetrievalOptions options, int block) {
  /// Why there are too few samples, if there are.
  Optional<String> lack(int samples) {
    String both = "samples with both %s and %s".formatted(query, key);
    if (samples == 0) {
      return Optional.of("retrieval needs %s but there are none".formatted(both));
    }
    long needed = (long) options.folds() * options.foldSize();
    if (samples < needed) {
      return Optional.of(
          "retrieval in %d folds of %d needs %d %s but there are %d"
              .formatted(options.folds(), options.foldSize(), needed, both, samples));
    }
    return Optional.empty();
  }

  /// The folds that the options ask for; all samples where they ask for none.
  List<Matched> inFolds(Matched matched) {
    if (options.folds() == 0) {
      return List.of(matched);
    }
    int size = options.foldSize();
    return IntStream.range(0, options.folds())
        .mapToObj(fold -> matched.range(fold * size, (fold + 1) * size))
        .toList();
  }

  /// The ranks of each fold.
  List<Ranks> ranks(List<Matched> folds) {
    return folds.stream().map(fold -> Ranks.of(fold, block)).toList();
  }

  /// The figures of both directions, averaged over folds.
  Map<String, Double> figures(List<Ranks> folds) {
    return mean(folds, fold -> named(RankFigures.of(fold.queries()), RankFigures.of(fold.keys())));
  }

  /// What a random ranking reaches, by the names of the figures.
  Map<String, Double> chance(List<Matched> folds) {
    return mean(
        folds,
        fold ->
            named(
                new Chance(fold.queries(), fold.keys()).figures(),
                new Chance(fold.keys(), fold.queries()).figures()));
  }

  private static <F> Map<String, Double> mean(
      List<F> folds, Function<F, Map<String, Double>> figures) {
    return RankFigures.mean(folds.stream().map(figures).toList());
  }

  private Map<String, Double> named(Map<String, Double> forth, Map<String, Double> back) {
    Map<String, Double> named = new LinkedHashMap<>();
    forth.forEach((name, value) -> named.put(query + "-to-" + key + "." + name, value));
    back.forEach((name, value) -> named.put(key + "-to-" + query + "." + name, value));
    return named;
  }

  /// What the numbers depend on: counts, folds, ranks and ties, overlap, chance.
  Map<String, Object> protocol(List<Matched> folds, List<Ranks> ranks, EvaluationContext context) {
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put("datasetSamples", context.dataset().size());
    protocol.put("samples", sum(folds, Matched::count));
    Map<String, Object> items = new LinkedHashMap<>();
    items.put(query, sum(folds, fold -> fold.queries().count()));
    items.put(key, sum(folds, fold -> fold.keys().count()));
    protocol.put("items", items);
    protocol.put("folds", options.folds());
    if (options.folds() > 0) {
      protocol.put("foldSize", options.foldSize());
    }
    protocol.put("rank", "of the best item of the own sample");
    List<String> ids = folds.stream().flatMap(fold -> fold.ids().stream()).toList();
    protocol.put("ties", "count against the model");
    putTies(ids, ranks, context, protocol);
    context.trainingIds().putOverlap(ids, protocol);
    protocol.put("chance", chance(folds));
    return protocol;
  }

  /// How many ranks are shared, and how many items say the same as one of another sample, which is
  /// the usual reason: no encoder can tell those apart.
  private void putTies(
      List<String> ids,
      List<Ranks> ranks,
      EvaluationContext context,
      Map<String, Object> protocol) {
    Map<String, Integer> tied = new LinkedHashMap<>();
    tied.put(query + "-to-" + key, ranks.stream().mapToInt(Ranks::tiedQueries).sum());
    tied.put(key + "-to-" + query, ranks.stream().mapToInt(Ranks::tiedKeys).sum());
    protocol.put("tiedRanks", tied);
    Repetition repetition = Repetition.of(context.dataset(), Set.copyOf(ids), List.of(query, key));
    protocol.put("repeatedItems", repetition.items());
    List<String> said = new ArrayList<>();
    repetition
        .items()
        .forEach(
            (modality, count) -> {
              if (count > 0) {
                said.add("%d of %s are in another sample too".formatted(count, modality));
              }
            });
    tied.forEach(
        (direction, count) -> {
          if (count > 0) {
            said.add("%d ranks of %s are tied".formatted(count, direction));
          }
        });
    if (!said.isEmpty()) {
      protocol.put(
          EvaluationTable.REMARKS,
          List.of("ties count against the model: " + String.join(", ", said)));
    }
  }

  /// How many of the samples are among some ids.
  static int overlap(List<Matched> folds, Set<String> ids) {
    return sum(folds, fold -> (int) fold.ids().stream().filter(ids::contains).count());
  }

  /// The sum of a count over folds.
  static int sum(List<Matched> folds, ToIntFunction<Matched> count) {
    return folds.stream().mapToInt(count).sum();
  }
}
