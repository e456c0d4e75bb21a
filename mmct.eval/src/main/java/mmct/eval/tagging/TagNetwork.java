package mmct.eval.tagging;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mmct.api.graph.ProjectionHead;
import mmct.api.graph.SpaceConfig;
import mmct.api.training.data.Seeds;
import mmct.eval.TaggingOptions;
import mmct.eval.learning.Learner;

/// The network of the paper's Table 5: Linear → ReLU → Linear from an image's features to where
/// its tags lie, trained by the cosine loss `1 − cos(f(x), t)`.
final class TagNetwork implements AutoCloseable {
  private static final int ENCODED_AT_ONCE = 1024;

  private final ProjectionHead head;
  private final Learner learner;
  private final TagVectors vectors;

  /// An untrained network.
  ///
  /// @param inputs the width of the features
  /// @param seed decides everything random
  TagNetwork(int inputs, TagVectors vectors, TaggingOptions options, Device device, long seed) {
    this.vectors = vectors;
    head = new ProjectionHead(new SpaceConfig(vectors.width(), options.hidden()));
    Learner.Part part = new Learner.Part(head, List.of(new Shape(1, inputs)));
    learner = new Learner(Map.of("head", part), device, options.lr(), seed);
  }

  /// Trains the network.
  ///
  /// @param told hears of every epoch's mean loss
  void learn(TaggedFeatures images, TaggingOptions options, long seed, Consumer<String> told) {
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      int[] order = Seeds.permutation(images.count(), Seeds.hash(seed, epoch));
      double sum = 0;
      for (int from = 0; from < order.length; from += options.batch()) {
        int to = Math.min(order.length, from + options.batch());
        sum += (to - from) * step(images, Arrays.copyOfRange(order, from, to));
      }
      told.accept(
          "epoch %d of %d: cosine loss %.4f"
              .formatted(epoch + 1, options.epochs(), sum / order.length));
    }
  }

  private double step(TaggedFeatures images, int... chosen) {
    float[] targets = new float[chosen.length * vectors.width()];
    for (int i = 0; i < chosen.length; i++) {
      float[] target = vectors.mean(images.tags().get(chosen[i])).orElseThrow();
      System.arraycopy(target, 0, targets, i * vectors.width(), vectors.width());
    }
    return learner.step(
        1,
        (parameters, step) -> {
          NDList inputs = new NDList(inputs(images, step, chosen)); // [n, w]
          NDArray target = step.create(targets, new Shape(chosen.length, vectors.width()));
          NDArray predicted = Learner.forward(head, parameters, inputs, true); // [n, d]
          return predicted.mul(target).sum(new int[] {1}).mean().neg().add(1);
        });
  }

  /// Where the network puts images, unit rows, row-major `[n, d]`.
  float[] predict(TaggedFeatures images) {
    float[] predicted = new float[Math.multiplyExact(images.count(), vectors.width())];
    for (int from = 0; from < images.count(); from += ENCODED_AT_ONCE) {
      int first = from;
      int count = Math.min(images.count() - from, ENCODED_AT_ONCE);
      int[] chosen = new int[count];
      Arrays.setAll(chosen, i -> first + i);
      float[] rows =
          learner.encode(
              (parameters, scope) ->
                  Learner.forward(
                      head, parameters, new NDList(inputs(images, scope, chosen)), false));
      System.arraycopy(rows, 0, predicted, first * vectors.width(), rows.length);
    }
    return predicted;
  }

  private static NDArray inputs(TaggedFeatures images, NDManager scope, int... chosen) {
    return scope.create(images.rows(chosen), new Shape(chosen.length, images.width()));
  }

  @Override
  public void close() {
    learner.close();
  }
}
