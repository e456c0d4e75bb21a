package mmct.eval.retrieval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.EvaluationContext.Features;
import mmct.api.spi.Evaluator;
import mmct.eval.RetrievalOptions;

/// Zero-shot retrieval between two modalities, both ways, as the paper's Table 7 reports it.
///
/// An item's rank is that of the best item of its own sample, so that a picture has found its
/// captions with the first of them, as in VSE++ (Faghri et al. 2018).
public final class Retrieval implements Evaluator {
  private static final int BLOCK = 1024;

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
            features(pair.query(), pair.space(), context),
            features(pair.key(), pair.space(), context));
    Judging judging = new Judging(pair.query(), pair.key(), options, block);
    Optional<String> lack = judging.lack(matched.count());
    if (lack.isPresent()) {
      context.skip(lack.get());
      return Optional.empty();
    }
    List<Matched> folds = judging.inFolds(matched);
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put("query", pair.query());
    protocol.put("key", pair.key());
    protocol.put("space", pair.space());
    protocol.putAll(judging.protocol(folds, context));
    return Optional.of(new Evaluation(judging.figures(folds), protocol));
  }

  /// The features of a modality, all finite.
  static Features features(String modality, String space, EvaluationContext context) {
    Features features = context.encode(modality, space);
    for (int i = 0; i < features.values().length; i++) {
      if (!Float.isFinite(features.values()[i])) {
        String sample = context.dataset().id(features.samples()[i / features.width()]);
        throw new MmctException(
            "features must be finite but %s in %s holds %s (sample %s)"
                .formatted(
                    modality,
                    space.isEmpty() ? "its backbone" : "space " + space,
                    features.values()[i],
                    sample));
      }
    }
    return features;
  }
}
