package mmct.eval.retrieval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.data.Columns;
import mmct.api.data.Dataset;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.EvaluationContext.Features;
import mmct.api.spi.Evaluator;
import mmct.api.spi.Modality;
import mmct.api.training.data.Seeds;
import mmct.eval.RetrievalOptions;
import mmct.eval.SentenceTrainingOptions;
import mmct.eval.features.FiniteFeatures;
import mmct.eval.learning.FrozenModality;
import mmct.eval.learning.Repeated;

/// Retrieval after training, as the paper's Tables 4 and 6 report it: the image features stay as
/// they are, one linear layer over them and a sentence encoder are trained to meet in one space,
/// and then both search each other as in [Retrieval].
///
/// It judges the image encoder alone: the run's own sentence encoder, where there is one, takes no
/// part.
public final class TrainedRetrieval implements Evaluator {
  private static final int BLOCK = 1024;
  private static final String DEFAULT_KEY = "caption";

  /// How near, relatively, a hinge is to that of features in one point, from which it moves little
  /// once it is there.
  private static final double NEAR = 0.01;

  private final RetrievalOptions options;
  private final SentenceTrainingOptions training;
  private final String key;

  /// Creates the evaluation.
  public TrainedRetrieval(RetrievalOptions options) {
    this.options = options;
    training = options.training();
    key = options.key().orElse(DEFAULT_KEY);
  }

  @Override
  public void check(Map<String, Set<String>> encoders) {
    query(encoders);
  }

  private String query(Map<String, Set<String>> encoders) {
    return FrozenModality.choose("retrieval", "query", options.query(), key, encoders);
  }

  @Override
  public Map<String, Columns> columns() {
    return Map.of(key, new Columns(List.of(key, key + "_*"), Columns.Kind.STRINGS));
  }

  /// What is trained and judged.
  ///
  /// @param query the modality of the frozen features
  /// @param reader reads the sentences
  /// @param pairs of the training split
  /// @param features frozen, of the judged split
  private record Task(String query, Modality reader, SentencePairs pairs, Features features) {}

  @Override
  public Optional<Evaluation> evaluate(EvaluationContext context) {
    String query = query(context.encoders());
    EvaluationContext learning = context.on(training.split());
    if (learning.dataset().cells(key).findAny().isEmpty()) {
      context.skip(
          "a retrieval that trains needs samples with %s but split %s has none"
              .formatted(key, training.split()));
      return Optional.empty();
    }
    Modality reader = SentenceReader.of(training.sentence()).create(key, learning, training.seed());
    Features frozen = FiniteFeatures.encode(learning, query, "");
    SentencePairs pairs = SentencePairs.of(learning.dataset(), frozen, key, reader);
    if (pairs.samples() < 2) {
      context.skip(
          "a retrieval that trains needs two samples with both %s and %s but split %s has %d"
              .formatted(query, key, training.split(), pairs.samples()));
      return Optional.empty();
    }
    Task task = new Task(query, reader, pairs, FiniteFeatures.encode(context, query, ""));
    return evaluate(task, context);
  }

  private Optional<Evaluation> evaluate(Task task, EvaluationContext context) {
    Judging judging = new Judging(task.query(), key, options, BLOCK);
    Optional<String> lack = judging.lack(withBoth(task.features(), context.dataset()));
    if (lack.isPresent()) {
      context.skip(lack.get());
      return Optional.empty();
    }
    List<Map<String, Double>> runs = new ArrayList<>();
    List<List<Double>> losses = new ArrayList<>();
    List<Matched> folds = List.of();
    List<Ranks> ranks = List.of();
    for (int i = 0; i < training.seeds(); i++) {
      long seed = i == 0 ? training.seed() : Seeds.hash(training.seed(), i);
      folds = judging.inFolds(matched(task, context, seed, losses));
      ranks = judging.ranks(folds);
      runs.add(judging.figures(ranks));
    }
    Map<String, Object> protocol = protocol(task, losses);
    warning(losses).ifPresent(warning -> context.progress("retrieval: warning: " + warning));
    protocol.putAll(judging.protocol(folds, ranks, context));
    protocol.put("sentenceTrainingOverlap", Judging.overlap(folds, task.pairs().sampleIds()));
    PaperTrained.figures(training, new Pair(task.query(), key, ""), folds.getFirst())
        .ifPresent(paper -> protocol.put("paper", paper));
    return Optional.of(new Evaluation(Repeated.figures(runs), protocol));
  }

  /// How many samples of the judged split have both sides, as far as it is known without training.
  private int withBoth(Features features, Dataset dataset) {
    return (int)
        Arrays.stream(features.samples())
            .filter(sample -> dataset.get(sample).cell(key).isPresent())
            .mapToObj(dataset::id)
            .distinct()
            .count();
  }

  /// Trains and encodes the judged split.
  private Matched matched(
      Task task, EvaluationContext context, long seed, List<List<Double>> losses) {
    int width = task.features().width();
    try (JointEmbedding embedding =
        new JointEmbedding(width, task.reader(), training, context.device(), seed)) {
      losses.add(embedding.learn(task.pairs(), line -> context.progress("retrieval: " + line)));
      return Matched.of(
          context.dataset(),
          embedding.images(task.features()),
          embedding.sentences(context.dataset(), key, context::skip));
    }
  }

  private Map<String, Object> protocol(Task task, List<List<Double>> losses) {
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put(
        "method",
        "trained on frozen %s features (paper, Tables 4 and 6), not zero-shot"
            .formatted(task.query()));
    protocol.put("query", task.query());
    protocol.put("key", key);
    protocol.put("featureWidth", task.features().width());
    protocol.put("sentence", SentenceReader.of(training.sentence()).toMap());
    protocol.put("width", task.reader().newBackbone(false).orElseThrow().width());
    protocol.putAll(learned(task, losses));
    return protocol;
  }

  private Map<String, Object> learned(Task task, List<List<Double>> losses) {
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put(
        "loss",
        "hinge of the hardest negative, margin %s, both ways; sum over all in the first %d epochs"
            .formatted(training.margin(), training.sumEpochs()));
    protocol.put(
        "optimiser",
        "Adam, learning rate %s for %d epochs and a tenth after, batch %d, %d epochs"
            .formatted(
                training.lr(), training.fullRateEpochs(), training.batch(), training.epochs()));
    protocol.put("firstSeed", training.seed());
    protocol.put("seeds", training.seeds());
    protocol.put("trainingSplit", training.split());
    protocol.put("trainingSamples", task.pairs().samples());
    protocol.put("trainingPairs", task.pairs().count());
    protocol.put("lossByEpoch", losses);
    warning(losses).ifPresent(warning -> protocol.put("warning", warning));
    return protocol;
  }

  /// What is wrong where the hinge of the hardest other stands at the value that it has with all
  /// features in one point.
  private Optional<String> warning(List<List<Double>> losses) {
    double collapsed = new HardestNegatives(training.margin()).collapsed();
    return losses.stream()
        .filter(epochs -> epochs.size() > training.sumEpochs())
        .map(List::getLast)
        .filter(last -> Math.abs(last - collapsed) < NEAR * collapsed)
        .findFirst()
        .map(
            last ->
                ("the hinge of the hardest other ended at %.4f, near twice the margin, %.4f, which it"
                        + " has where all features are one: let all others count for more epochs"
                        + " (training.sumEpochs)")
                    .formatted(last, collapsed));
  }
}
