package mmct.eval.retrieval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Evaluator;
import mmct.eval.RetrievalOptions;
import mmct.eval.features.FiniteFeatures;
import mmct.eval.paper.PaperNumbers;

/// Zero-shot retrieval between two modalities, both ways, as the paper's Table 7 reports it.
///
/// An item's rank is that of the best item of its own sample, so that a picture has found its
/// captions with the first of them, as in VSE++ (Faghri et al. 2018).
public final class Retrieval implements Evaluator {
  private static final int BLOCK = 1024;
  private static final int COCO_FOLDS = 5;
  private static final int COCO_FOLD_SIZE = 1000;
  private static final int COCO_CAPTIONS = 5;

  private final RetrievalOptions options;
  private final int block;

  /// Creates the evaluation.
  public Retrieval(RetrievalOptions options) {
    this(options, BLOCK);
  }

  /// Creates the evaluation with the number of items per side that are compared at one time; it
  /// decides on memory and speed, never on figures.
  Retrieval(RetrievalOptions options, int block) {
    this.options = options;
    this.block = block;
  }

  @Override
  public void check(Map<String, Set<String>> encoders) {
    Pair.choose(options, encoders);
  }

  @Override
  public Optional<Evaluation> evaluate(EvaluationContext context) {
    Optional<Pair> pair = Pair.choose(options, context.encoders());
    if (pair.isEmpty()) {
      context.skip(
          "retrieval needs two modalities that share a space but there are none: "
              + Pair.describe(context.encoders()));
      return Optional.empty();
    }
    return evaluate(pair.get(), context);
  }

  private Optional<Evaluation> evaluate(Pair pair, EvaluationContext context) {
    Matched matched =
        Matched.of(
            context.dataset(),
            FiniteFeatures.encode(context, pair.query(), pair.space()),
            FiniteFeatures.encode(context, pair.key(), pair.space()));
    Optional<String> lack = lack(pair, matched.count());
    if (lack.isPresent()) {
      context.skip(lack.get());
      return Optional.empty();
    }
    return Optional.of(judge(pair, inFolds(matched), context));
  }

  /// Why there are too few samples, if there are.
  private Optional<String> lack(Pair pair, int samples) {
    String both = "samples with both %s and %s".formatted(pair.query(), pair.key());
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

  private List<Matched> inFolds(Matched matched) {
    if (options.folds() == 0) {
      return List.of(matched);
    }
    int size = options.foldSize();
    return IntStream.range(0, options.folds())
        .mapToObj(fold -> matched.range(fold * size, (fold + 1) * size))
        .toList();
  }

  private Evaluation judge(Pair pair, List<Matched> folds, EvaluationContext context) {
    Map<String, Double> figures =
        mean(
            folds,
            fold -> {
              Ranks ranks = Ranks.of(fold, block);
              return named(pair, RankFigures.of(ranks.queries()), RankFigures.of(ranks.keys()));
            });
    Map<String, Double> chance =
        mean(
            folds,
            fold ->
                named(
                    pair,
                    new Chance(fold.queries(), fold.keys()).figures(),
                    new Chance(fold.keys(), fold.queries()).figures()));
    return new Evaluation(figures, protocol(pair, folds, chance, context));
  }

  private static Map<String, Double> mean(
      List<Matched> folds, Function<Matched, Map<String, Double>> figures) {
    return RankFigures.mean(folds.stream().map(figures).toList());
  }

  private static Map<String, Double> named(
      Pair pair, Map<String, Double> forth, Map<String, Double> back) {
    Map<String, Double> named = new LinkedHashMap<>();
    forth.forEach(
        (name, value) -> named.put(pair.query() + "-to-" + pair.key() + "." + name, value));
    back.forEach(
        (name, value) -> named.put(pair.key() + "-to-" + pair.query() + "." + name, value));
    return named;
  }

  private Map<String, Object> protocol(
      Pair pair, List<Matched> folds, Map<String, Double> chance, EvaluationContext context) {
    Set<String> trained = context.trainingIds();
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put("query", pair.query());
    protocol.put("key", pair.key());
    protocol.put("space", pair.space());
    protocol.put("datasetSamples", context.dataset().size());
    protocol.put("samples", sum(folds, Matched::count));
    Map<String, Object> items = new LinkedHashMap<>();
    items.put(pair.query(), sum(folds, fold -> fold.queries().count()));
    items.put(pair.key(), sum(folds, fold -> fold.keys().count()));
    protocol.put("items", items);
    protocol.put("folds", options.folds());
    if (options.folds() > 0) {
      protocol.put("foldSize", options.foldSize());
    }
    protocol.put("rank", "of the best item of the own sample");
    protocol.put("ties", "count against the model");
    protocol.put(
        "trainingOverlap",
        sum(folds, fold -> (int) fold.ids().stream().filter(trained::contains).count()));
    protocol.put("chance", chance);
    paper(pair, folds).ifPresent(numbers -> protocol.put("paper", numbers.protocol()));
    return protocol;
  }

  /// The paper's numbers, where its protocol was followed: five folds of 1,000 images with five
  /// captions each.
  private Optional<PaperNumbers> paper(Pair pair, List<Matched> folds) {
    if (options.folds() != COCO_FOLDS || options.foldSize() != COCO_FOLD_SIZE) {
      return Optional.empty();
    }
    int queries = sum(folds, fold -> fold.queries().count());
    int keys = sum(folds, fold -> fold.keys().count());
    String forth = pair.query() + "-to-" + pair.key();
    String back = pair.key() + "-to-" + pair.query();
    if (keys == COCO_CAPTIONS * queries) {
      return Optional.of(PaperNumbers.ofZeroShotRetrieval(forth, back));
    }
    return queries == COCO_CAPTIONS * keys
        ? Optional.of(PaperNumbers.ofZeroShotRetrieval(back, forth))
        : Optional.empty();
  }

  private static int sum(List<Matched> folds, ToIntFunction<Matched> count) {
    return folds.stream().mapToInt(count).sum();
  }
}
