package mmct.api.spi;

import java.util.Map;
import java.util.Set;
import mmct.api.data.Dataset;

/// What an evaluation sees: a dataset and encoders that turn it into features.
public interface EvaluationContext {
  /// The split that is judged.
  Dataset dataset();

  /// Modality names with an encoder, and the spaces that each projects into.
  Map<String, Set<String>> encoders();

  /// Encodes one modality of the whole dataset with plain views.
  ///
  /// @param modality a modality that has an encoder
  /// @param space a space of that modality, or empty text for the backbone's features
  Features encode(String modality, String space);

  /// The ids of the samples that the encoders were trained on.
  Set<String> trainingIds();

  /// Tells why the evaluation does not apply.
  void skip(String reason);

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
