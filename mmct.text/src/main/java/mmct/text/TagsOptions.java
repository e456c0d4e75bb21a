package mmct.text;

import mmct.api.config.Setting;

/// Options of the modality `tags`.
public record TagsOptions(
    @Setting(
            value = "Most tags in the vocabulary: the most frequent of the training split.",
            byDefault = "20000",
            min = 1,
            max = 1_000_000,
            fixed = true)
        int vocabulary,
    @Setting(
            value = "How many samples of the training split must have a tag to make it known.",
            byDefault = "1",
            min = 1,
            fixed = true)
        int minCount,
    @Setting(
            value = "Probability with which each tag of a view is left out.",
            byDefault = "0",
            min = 0,
            below = 1)
        double dropTags,
    @Setting(value = "Encoder; a word alone is its type.", fixed = true) EncoderOptions encoder) {

  /// The encoder.
  public record EncoderOptions(
      @Setting(value = "Architecture.", byDefault = "bag") EncoderType type,
      @Setting(
              value = "Width of the features.",
              byDefault = "256",
              min = 1,
              max = 65536,
              appliesTo = "bag")
          int width,
      @Setting(
              value = "Width of the tags' vectors and of the hidden layer.",
              byDefault = "512",
              min = 1,
              max = 65536,
              appliesTo = "bag")
          int hidden) {}

  /// An architecture.
  public enum EncoderType {
    /// The mean of the present tags' vectors, a hidden layer, and a linear layer.
    BAG,
    /// No encoder: tags only say which samples are alike.
    NONE
  }
}
