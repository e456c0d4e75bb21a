package mmct.api.spi;

import ai.djl.Device;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.Dataset;

/// What an evaluation sees: a dataset and encoders that turn it into features.
public interface EvaluationContext {
  /// The split that is judged.
  Dataset dataset();

  /// The name of the split that is judged.
  String split();

  /// The same encoders before another split of the same data.
  ///
  /// @throws mmct.api.MmctException where there is no such split; the message lists those there are
  EvaluationContext on(String split);

  /// Modality names with an encoder, and the spaces that each projects into.
  Map<String, Set<String>> encoders();

  /// Encodes one modality of the whole dataset with plain views.
  ///
  /// @param modality a modality that has an encoder
  /// @param space a space of that modality, or empty text for the backbone's features
  Features encode(String modality, String space);

  /// Encodes one modality of a part of the dataset for several spaces at once: what figures that
  /// are wanted often and cheaply are made from. Without a faster way of its own, a context encodes
  /// everything and leaves out.
  ///
  /// @param modality a modality that has an encoder
  /// @param spaces spaces of that modality; empty text stands for the backbone's features
  /// @param atMost the most samples that are encoded, spread evenly over the dataset; the same
  ///     number means the same samples for every modality
  /// @return by space
  default Map<String, Features> encode(String modality, Set<String> spaces, int atMost) {
    BitSet wanted = new BitSet();
    Arrays.stream(evenly(dataset().size(), atMost)).forEach(wanted::set);
    Map<String, Features> features = new LinkedHashMap<>();
    spaces.forEach(space -> features.put(space, encode(modality, space).of(wanted)));
    return features;
  }

  /// The indices of at most so many of all, ascending and spread evenly.
  static int[] evenly(int all, int atMost) {
    int count = Math.min(all, atMost);
    int[] chosen = new int[count];
    Arrays.setAll(chosen, i -> Math.toIntExact((long) i * all / count));
    return chosen;
  }

  /// The ids of the samples that the encoders were trained on.
  TrainingIds trainingIds();

  /// The providers that are there, for an evaluation that trains something of its own.
  Catalogue catalogue();

  /// Where an evaluation that trains something of its own should do so.
  Device device();

  /// Tells why the evaluation does not apply.
  void skip(String reason);

  /// Tells how far a long evaluation has come, in one line for people; to be called now and then.
  ///
  /// @throws java.util.concurrent.CancellationException where the evaluation is to end before it is
  ///     done
  default void progress(String line) {}

  /// Features of one modality.
  ///
  /// @param values row-major `[items, width]`; L2-normalised where they are of a space
  /// @param width the width of a row
  /// @param samples per item, the index of its sample in the dataset, ascending
  record Features(float[] values, int width, int[] samples) {
    /// Samples that are named where something is wrong with them.
    private static final int MOST_NAMED = 5;

    /// The number of items.
    public int items() {
      return samples.length;
    }

    /// The items whose row holds a value that is NaN or infinite, ascending.
    public int[] nonFinite() {
      return IntStream.range(0, items()).filter(item -> !isFinite(item)).toArray();
    }

    private boolean isFinite(int item) {
      for (int i = item * width; i < (item + 1) * width; i++) {
        if (!Float.isFinite(values[i])) {
          return false;
        }
      }
      return true;
    }

    /// Refuses features of which no figure could be made.
    ///
    /// @param dataset names the samples
    /// @param what whose features they are
    /// @throws MmctException naming the first samples whose features are NaN or infinite
    public Features requireFinite(Dataset dataset, String what) {
      int[] items = nonFinite();
      if (items.length > 0) {
        throw new MmctException(
            "the features of %s are NaN or infinite in %d of %d rows, that of %s"
                .formatted(
                    what,
                    items.length,
                    items(),
                    Arrays.stream(items)
                        .map(item -> samples[item])
                        .distinct()
                        .limit(MOST_NAMED)
                        .mapToObj(sample -> "sample '" + dataset.id(sample) + "'")
                        .collect(Collectors.joining(", "))));
      }
      return this;
    }

    /// The items of the samples that are set, in the same order.
    Features of(BitSet wanted) {
      int[] items = IntStream.range(0, items()).filter(i -> wanted.get(samples[i])).toArray();
      float[] kept = new float[items.length * width];
      for (int i = 0; i < items.length; i++) {
        System.arraycopy(values, items[i] * width, kept, i * width, width);
      }
      return new Features(kept, width, Arrays.stream(items).map(i -> samples[i]).toArray());
    }
  }
}
