package mmct.eval.retrieval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    Judging judging = new Judging(pair.query(), pair.key(), options, block);
    Optional<String> lack = judging.lack(matched.count());
    if (lack.isPresent()) {
      context.skip(lack.get());
      return Optional.empty();
    }
    List<Matched> folds = judging.inFolds(matched);
    List<Ranks> ranks = judging.ranks(folds);
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put("query", pair.query());
    protocol.put("key", pair.key());
    protocol.put("space", pair.space());
    protocol.putAll(judging.protocol(folds, ranks, context));
    paper(pair, folds).ifPresent(numbers -> protocol.put("paper", numbers.protocol()));
    return Optional.of(new Evaluation(judging.figures(ranks), protocol));
  }

  /// The paper's numbers, where its protocol was followed: five folds of 1,000 images with five
  /// captions each.
  private Optional<PaperNumbers> paper(Pair pair, List<Matched> folds) {
    if (options.folds() != COCO_FOLDS || options.foldSize() != COCO_FOLD_SIZE) {
      return Optional.empty();
    }
    int queries = Judging.sum(folds, fold -> fold.queries().count());
    int keys = Judging.sum(folds, fold -> fold.keys().count());
    String forth = pair.query() + "-to-" + pair.key();
    String back = pair.key() + "-to-" + pair.query();
    if (keys == COCO_CAPTIONS * queries) {
      return Optional.of(PaperNumbers.ofZeroShotRetrieval(forth, back));
    }
    return queries == COCO_CAPTIONS * keys
        ? Optional.of(PaperNumbers.ofZeroShotRetrieval(back, forth))
        : Optional.empty();
  }
}
