package mmct.eval.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import mmct.api.MmctException;
import mmct.api.engine.Torch;
import mmct.eval.classification.Accuracy;
import mmct.eval.classification.ClassificationTask;
import mmct.eval.classification.LabelledItems;

/// Trains linear layers on the features of a task, which are brought to the device once.
final class ProbeTraining implements AutoCloseable {
  private static final int JUDGED_AT_ONCE = 1024;

  private final ClassificationTask task;
  private final Recipe recipe;
  private final NDManager manager;
  private final NDArray rows;
  private final NDArray classes;

  /// Brings the training items to a device.
  ///
  /// @param manager of that device; closed with this
  ProbeTraining(ClassificationTask task, Recipe recipe, NDManager manager) {
    this.task = task;
    this.recipe = recipe;
    this.manager = manager;
    rows = array(task.train(), 0, task.train().count(), manager); // [n, d]
    classes = manager.create(Arrays.stream(task.train().classes()).asLongStream().toArray()); // [n]
  }

  private static NDArray array(LabelledItems items, int from, int to, NDManager manager) {
    FloatBuffer values =
        FloatBuffer.wrap(items.values(), from * items.width(), (to - from) * items.width());
    return manager.create(values, new Shape(to - from, items.width()));
  }

  /// Trains a layer and judges it.
  ///
  /// @throws MmctException where the layer has left the numbers
  Accuracy run(long seed) {
    try (var _ = Torch.withoutGradient();
        LinearLayer layer =
            new LinearLayer(task.classes().size(), task.train().width(), seed, manager)) {
      train(layer, seed);
      return new Accuracy(ranks(layer), task.test().classes(), task.classes().size());
    }
  }

  private void train(LinearLayer layer, long seed) {
    int count = task.train().count();
    int perEpoch = Math.ceilDiv(count, Recipe.BATCH);
    Random random = new Random(seed);
    long[] order = new long[count];
    Arrays.setAll(order, i -> i);
    for (int step = 0; step < recipe.epochs() * perEpoch; step++) {
      int from = step % perEpoch * Recipe.BATCH;
      if (from == 0) {
        shuffle(order, random);
      }
      long[] batch = Arrays.copyOfRange(order, from, Math.min(from + Recipe.BATCH, count));
      try (NDManager scope = manager.newSubManager()) {
        NDIndex chosen = new NDIndex("{}", scope.create(batch));
        NDArray features = rows.get(scope, chosen); // [n, d]
        NDArray own = classes.get(scope, chosen); // [n]
        layer.step(layer.gradient(features, own), recipe.rate(step, perEpoch));
      }
    }
  }

  /// Fisher and Yates's shuffle.
  private static void shuffle(long[] order, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      long moved = order[i];
      order[i] = order[j];
      order[j] = moved;
    }
  }

  private int[] ranks(LinearLayer layer) {
    LabelledItems test = task.test();
    int[] ranks = new int[test.count()];
    for (int from = 0; from < test.count(); from += JUDGED_AT_ONCE) {
      int to = Math.min(from + JUDGED_AT_ONCE, test.count());
      try (NDManager scope = manager.newSubManager()) {
        float[] logits = layer.logits(array(test, from, to, scope)).toFloatArray();
        requireFinite(logits);
        for (int item = from; item < to; item++) {
          ranks[item] =
              Accuracy.rank(
                  logits,
                  (item - from) * task.classes().size(),
                  task.classes().size(),
                  test.classes()[item]);
        }
      }
    }
    return ranks;
  }

  private void requireFinite(float[] logits) {
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw new MmctException(
            "the probe's logits have left the numbers (%s) with a learning rate of %s; try a smaller one with --set lr=RATE"
                .formatted(logit, recipe.rate()));
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
