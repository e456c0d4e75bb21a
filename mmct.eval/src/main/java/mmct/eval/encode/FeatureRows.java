package mmct.eval.encode;

import java.util.Arrays;
import mmct.api.spi.EvaluationContext.Features;

/// Features in memory that grow as batches come.
final class FeatureRows {
  private float[] values = new float[0];
  private int[] samples = new int[0];
  private int used;
  private int items;

  void append(FeatureBatches.Encoded more) {
    if (used + more.values().length > values.length) {
      values = Arrays.copyOf(values, Math.max(used + more.values().length, 2 * values.length));
    }
    if (items + more.samples().length > samples.length) {
      samples = Arrays.copyOf(samples, Math.max(items + more.samples().length, 2 * samples.length));
    }
    System.arraycopy(more.values(), 0, values, used, more.values().length);
    System.arraycopy(more.samples(), 0, samples, items, more.samples().length);
    used += more.values().length;
    items += more.samples().length;
  }

  Features features(int width) {
    return new Features(Arrays.copyOf(values, used), width, Arrays.copyOf(samples, items));
  }
}
