package mmct.api.spi;

import ai.djl.Device;
import java.util.Map;
import java.util.Set;
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

  /// The ids of the samples that the encoders were trained on.
  Set<String> trainingIds();

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
    /// The number of items.
    public int items() {
      return samples.length;
    }
  }
}
