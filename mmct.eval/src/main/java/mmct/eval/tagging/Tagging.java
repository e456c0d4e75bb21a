package mmct.eval.tagging;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.Dataset;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Evaluator;
import mmct.api.training.data.Seeds;
import mmct.eval.TaggingOptions;
import mmct.eval.learning.FrozenModality;
import mmct.eval.learning.Repeated;

/// Tagging from frozen features, as the paper's Table 5 reports it: tags are embedded by their
/// pointwise mutual information, a small network learns to put an image where its tags lie, and
/// tags are ranked by the cosine with that place.
public final class Tagging implements Evaluator {
  private final TaggingOptions options;

  /// Creates the evaluation.
  public Tagging(TaggingOptions options) {
    this.options = options;
  }

  @Override
  public void check(Map<String, Set<String>> encoders) {
    modality(encoders);
  }

  @Override
  public Map<String, Columns> columns() {
    return Map.of(options.tags(), new Columns(List.of(options.tags()), Columns.Kind.LIST));
  }

  /// The modality that is tagged.
  private String modality(Map<String, Set<String>> encoders) {
    return FrozenModality.choose(
        "tagging", "modality", options.modality(), options.tags(), encoders);
  }

  @Override
  public Optional<Evaluation> evaluate(EvaluationContext context) {
    String modality = modality(context.encoders());
    EvaluationContext training = context.on(options.train());
    List<List<String>> learned = tags(training.dataset());
    TagVocabulary vocabulary = TagVocabulary.mostFrequent(learned, options.vocabulary());
    if (vocabulary.size() < 2) {
      return skip(
          context,
          "tagging needs two tags at least but split %s has %d under %s"
              .formatted(options.train(), vocabulary.size(), options.tags()));
    }
    List<int[]> known = known(tags(context.dataset()), vocabulary);
    if (known.stream().allMatch(own -> own.length == 0)) {
      return skip(
          context,
          "tagging needs samples with tags but no sample of split %s has one of the %d of split %s"
              .formatted(context.split(), vocabulary.size(), options.train()));
    }
    return evaluate(new Splits(modality, training, context), vocabulary, learned, known);
  }

  private static Optional<Evaluation> skip(EvaluationContext context, String reason) {
    context.skip(reason);
    return Optional.empty();
  }

  /// Where the network learns and where it is judged.
  private record Splits(String modality, EvaluationContext training, EvaluationContext judged) {}

  private Optional<Evaluation> evaluate(
      Splits splits, TagVocabulary vocabulary, List<List<String>> learned, List<int[]> known) {
    List<int[]> learnedTags = known(learned, vocabulary);
    TagVectors vectors = TagVectors.of(learnedTags, vocabulary.size(), options.width());
    TaggedFeatures train =
        TaggedFeatures.of(
            splits.training(),
            splits.modality(),
            learnedTags,
            own -> vectors.mean(own).isPresent());
    TaggedFeatures judged =
        TaggedFeatures.of(splits.judged(), splits.modality(), known, own -> own.length > 0);
    if (train.count() == 0 || judged.count() == 0) {
      return skip(
          splits.judged(),
          "tagging needs samples with both %s and %s but split %s has none"
              .formatted(
                  splits.modality(),
                  options.tags(),
                  train.count() == 0 ? options.train() : splits.judged().split()));
    }
    return Optional.of(judge(splits, vectors, train, judged));
  }

  private Evaluation judge(
      Splits splits, TagVectors vectors, TaggedFeatures train, TaggedFeatures judged) {
    TagRanking ranking = new TagRanking(judged.tags(), vectors.tags());
    List<Map<String, Double>> runs = new ArrayList<>();
    for (int i = 0; i < options.seeds(); i++) {
      long seed = i == 0 ? options.seed() : Seeds.hash(options.seed(), i);
      runs.add(ranking.figures(scores(splits, vectors, train, judged, seed)));
    }
    Map<String, Object> protocol = protocol(splits, vectors, train, judged);
    protocol.put("chance", TagFigures.chance(judged.tags(), vectors.tags()));
    protocol.put("byFrequency", byFrequency(ranking, vectors, train, judged));
    paper(vectors).ifPresent(paper -> protocol.put("paper", paper));
    return new Evaluation(Repeated.figures(runs), protocol);
  }

  /// What the order of the tags by how frequent they are reaches. It does not order the images, so
  /// there is no average precision.
  private static Map<String, Double> byFrequency(
      TagRanking ranking, TagVectors vectors, TaggedFeatures train, TaggedFeatures judged) {
    float[] frequencies = new float[vectors.tags()];
    train.tags().forEach(own -> IntStream.of(own).forEach(tag -> frequencies[tag]++));
    Map<String, Double> figures =
        new LinkedHashMap<>(
            ranking.figures(new TagScores.OfTagsAlone(frequencies, judged.count())));
    figures.remove("mAP");
    return figures;
  }

  /// What the paper reports, where tags are as many and the network is the same.
  private Optional<Map<String, Object>> paper(TagVectors vectors) {
    if (vectors.tags() != 18_157 || vectors.width() != 4096 || options.hidden() != 2048) {
      return Optional.empty();
    }
    Map<String, Double> ours = new LinkedHashMap<>();
    ours.put("mIOU@5", 13.81);
    ours.put("mIOU@10", 14.69);
    ours.put("mIOU@15", 15.55);
    ours.put("mIOU@20", 16.42);
    Map<String, Object> paper = new LinkedHashMap<>();
    paper.put("table", "Table 5");
    paper.put("data", "50,000 test images of Stock, a ResNet-50 trained on Stock");
    paper.put("figures", Map.of("Ours", ours));
    return Optional.of(paper);
  }

  private TagScores scores(
      Splits splits, TagVectors vectors, TaggedFeatures train, TaggedFeatures judged, long seed) {
    try (TagNetwork network =
        new TagNetwork(train.width(), vectors, options, splits.judged().device(), seed)) {
      network.learn(train, options, seed, line -> splits.judged().progress("tagging: " + line));
      return new TagScores.Cosine(network.predict(judged), vectors.normalised(), vectors.width());
    }
  }

  private Map<String, Object> protocol(
      Splits splits, TagVectors vectors, TaggedFeatures train, TaggedFeatures judged) {
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put("modality", splits.modality());
    protocol.put("tags", options.tags());
    protocol.put("features", "frozen, of the backbone, " + train.width() + " wide");
    protocol.put("vocabulary", vectors.tags());
    protocol.put("tagVectors", "U √Σ of the positive pointwise mutual information");
    protocol.put("tagVectorWidth", vectors.width());
    protocol.put("network", "hidden %d, ReLU, cosine loss".formatted(options.hidden()));
    protocol.put(
        "optimiser",
        "Adam, learning rate %s, batch %d, %d epochs"
            .formatted(options.lr(), options.batch(), options.epochs()));
    protocol.put("firstSeed", options.seed());
    protocol.put("seeds", options.seeds());
    protocol.putAll(counts(splits, train, judged));
    return protocol;
  }

  private Map<String, Object> counts(Splits splits, TaggedFeatures train, TaggedFeatures judged) {
    Set<String> fitted = new HashSet<>(train.ids());
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put("trainingSplit", options.train());
    protocol.put("trainingImages", train.count());
    protocol.put("trainingImagesWithoutTags", train.skipped());
    protocol.put("datasetSamples", splits.judged().dataset().size());
    protocol.put("images", judged.count());
    protocol.put("imagesWithoutTags", judged.skipped());
    protocol.put("mAP", "mean over the tags of the judged images");
    protocol.put("ties", "count against the model");
    List<String> distinct = judged.ids().stream().distinct().toList();
    splits.judged().trainingIds().putOverlap(distinct, protocol);
    protocol.put(
        "networkTrainingOverlap", (int) distinct.stream().filter(fitted::contains).count());
    return protocol;
  }

  private List<List<String>> tags(Dataset dataset) {
    return IntStream.range(0, dataset.size())
        .mapToObj(
            i ->
                dataset
                    .get(i)
                    .cell(options.tags())
                    .map(cell -> strings(cell, dataset.id(i)))
                    .orElse(List.of()))
        .toList();
  }

  private List<String> strings(Cell cell, String sample) {
    if (cell instanceof Cell.Strings(List<String> values)) {
      return values;
    }
    throw new MmctException(
        "tags must be strings but %s of sample %s is %s"
            .formatted(options.tags(), sample, cell.getClass().getSimpleName()));
  }

  private static List<int[]> known(List<List<String>> tags, TagVocabulary vocabulary) {
    return tags.stream().map(vocabulary::indices).toList();
  }
}
