package mmct.eval.retrieval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mmct.api.data.Dataset;
import mmct.api.data.HostTensor;
import mmct.api.graph.ProjectionHead;
import mmct.api.graph.SpaceConfig;
import mmct.api.spi.Backbone;
import mmct.api.spi.EvaluationContext.Features;
import mmct.api.spi.Modality;
import mmct.api.training.data.PlainBatches;
import mmct.api.training.data.Seeds;
import mmct.eval.SentenceTrainingOptions;
import mmct.eval.learning.Learner;

/// One linear layer over frozen image features and a sentence encoder of the same width, whose unit
/// rows meet in one space, as in VSE++ (Faghri et al. 2018).
final class JointEmbedding implements AutoCloseable {
  private static final int ENCODED_AT_ONCE = 128;
  private static final int STEPS_BETWEEN_LINES = 500;

  private final SentenceTrainingOptions options;
  private final Modality reader;
  private final Backbone sentence;
  private final ProjectionHead image;
  private final Learner learner;
  private final long seed;

  /// An untrained embedding.
  ///
  /// @param width the width of the image features w
  /// @param reader reads the sentences
  /// @param seed decides everything random
  JointEmbedding(
      int width, Modality reader, SentenceTrainingOptions options, Device device, long seed) {
    this.options = options;
    this.reader = reader;
    this.seed = seed;
    sentence = reader.newBackbone(true).orElseThrow();
    image = new ProjectionHead(new SpaceConfig(sentence.width(), 0));
    Map<String, Learner.Part> parts = new LinkedHashMap<>();
    parts.put("image", new Learner.Part(image, List.of(new Shape(1, width))));
    parts.put("sentence", new Learner.Part(sentence.block(), sentence.inputShapes()));
    learner = new Learner(parts, device, options.lr(), seed);
  }

  /// Trains both sides.
  ///
  /// @param told hears how far it is, now and then
  /// @return the mean loss of each epoch
  List<Double> learn(SentencePairs pairs, Consumer<String> told) {
    List<Double> losses = new ArrayList<>();
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      int[] order = Seeds.permutation(pairs.count(), Seeds.hash(seed, epoch));
      double sum = 0;
      int steps = 0;
      for (int from = 0; from < order.length; from += options.batch()) {
        int to = Math.min(order.length, from + options.batch());
        sum += (to - from) * step(pairs, epoch, Arrays.copyOfRange(order, from, to));
        if (++steps % STEPS_BETWEEN_LINES == 0) {
          told.accept(line(epoch, "pair %d of %d, ".formatted(to, order.length), sum / to));
        }
      }
      losses.add(sum / order.length);
      told.accept(line(epoch, "", losses.getLast()));
    }
    return losses;
  }

  private String line(int epoch, String place, double loss) {
    return "epoch %d of %d: %sloss %.4f".formatted(epoch + 1, options.epochs(), place, loss);
  }

  private double step(SentencePairs pairs, int epoch, int... chosen) {
    HardestNegatives objective = new HardestNegatives(options.margin());
    boolean hardest = epoch >= options.sumEpochs();
    double factor = epoch < options.fullRateEpochs() ? 1 : 0.1;
    List<HostTensor> tokens = reader.collate(pairs.sentencesOf(chosen));
    int n = chosen.length;
    return learner.step(
        factor,
        (parameters, step) -> {
          NDArray features =
              step.create(pairs.imageRows(chosen), new Shape(n, pairs.features().width()));
          NDArray images = Learner.forward(image, parameters, new NDList(features), true);
          NDArray sentences = sentences(parameters, tokens, true, step);
          NDArray others = step.create(pairs.others(chosen), new Shape(n, n));
          return objective.loss(images, sentences, others, hardest);
        });
  }

  /// Unit rows `[n, d]`.
  private NDArray sentences(
      ParameterStore parameters, List<HostTensor> tokens, boolean training, NDManager scope) {
    NDList inputs = new NDList();
    tokens.forEach(input -> inputs.add(input.toArray(scope)));
    NDArray states = Learner.forward(sentence.block(), parameters, inputs, training);
    return states.normalize(2, 1, 1e-12);
  }

  /// Where images lie, as items of the same samples.
  Features images(Features features) {
    float[] values = new float[Math.multiplyExact(features.items(), sentence.width())];
    for (int from = 0; from < features.items(); from += ENCODED_AT_ONCE) {
      int to = Math.min(features.items(), from + ENCODED_AT_ONCE);
      int width = features.width();
      float[] some = Arrays.copyOfRange(features.values(), from * width, to * width);
      Shape shape = new Shape(to - from, width);
      float[] rows =
          learner.encode(
              (parameters, scope) ->
                  Learner.forward(image, parameters, new NDList(scope.create(some, shape)), false));
      System.arraycopy(rows, 0, values, from * sentence.width(), rows.length);
    }
    return new Features(values, sentence.width(), features.samples());
  }

  /// Where the sentences of a split lie.
  ///
  /// @param key the name under which samples have their sentences
  /// @param notes takes a sentence on every cell that cannot be read
  Features sentences(Dataset dataset, String key, Consumer<String> notes) {
    List<float[]> values = new ArrayList<>();
    List<int[]> samples = new ArrayList<>();
    try (PlainBatches batches =
        new PlainBatches(
            dataset, key, reader, ENCODED_AT_ONCE, 0, 2, cell -> notes.accept(cell.reason()))) {
      while (batches.hasNext()) {
        PlainBatches.Items items = batches.next();
        values.add(
            learner.encode(
                (parameters, scope) -> sentences(parameters, items.inputs(), false, scope)));
        samples.add(items.samples());
      }
    }
    return new Features(
        concatenated(values),
        sentence.width(),
        samples.stream().flatMapToInt(Arrays::stream).toArray());
  }

  private static float[] concatenated(List<float[]> parts) {
    float[] whole = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }

  @Override
  public void close() {
    learner.close();
  }
}
