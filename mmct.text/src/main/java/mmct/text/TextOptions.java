package mmct.text;

import java.nio.file.Path;
import java.util.Optional;
import mmct.api.config.Setting;

/// Options of the modality `text`.
public record TextOptions(
    @Setting("Encoder; a word alone is its type.") EncoderOptions encoder,
    @Setting(
            value = "Most tokens of a caption, [CLS] and [SEP] included; longer ones are cut.",
            byDefault = "40",
            min = 3,
            max = 512)
        int maxLength,
    @Setting(value = "Vocabulary; a word alone is its file.", fixed = true)
        VocabularyOptions vocabulary,
    @Setting("How two views of a sample's captions are drawn; a word alone is the source.")
        AugmentOptions augment) {

  /// The encoder.
  public record EncoderOptions(
      @Setting(value = "Architecture.", byDefault = "transformer", fixed = true) EncoderType type,
      @Setting(
              value = "Layers of a transformer; 2 where not given.",
              min = 1,
              max = 99,
              appliesTo = "transformer",
              fixed = true)
          Optional<Integer> depth,
      @Setting(
              value =
                  "Width of the features where the architecture leaves it open; 256 of a"
                      + " transformer and 1024 of a gru where not given.",
              min = 1,
              max = 65536,
              appliesTo = {"transformer", "gru"},
              fixed = true)
          Optional<Integer> width,
      @Setting(
              value =
                  "Attention heads of a transformer, a divisor of its width; 4 where not given.",
              min = 1,
              appliesTo = "transformer",
              fixed = true)
          Optional<Integer> heads,
      @Setting(
              value = "Width of a gru's word vectors; 300 where not given.",
              min = 1,
              max = 65536,
              appliesTo = "gru",
              fixed = true)
          Optional<Integer> words,
      @Setting(
              value = "Share of elements dropped in BERT or a transformer; 0.1 where not given.",
              min = 0,
              below = 1,
              appliesTo = {"transformer", "bert-base", "bert-small"})
          Optional<Double> dropout) {
    /// Heads share the width.
    public EncoderOptions {
      if (type == EncoderType.TRANSFORMER && width.orElse(256) % heads.orElse(4) != 0) {
        throw new IllegalArgumentException(
            "width must be a multiple of heads but was %d with %d heads"
                .formatted(width.orElse(256), heads.orElse(4)));
      }
    }
  }

  /// An architecture.
  public enum EncoderType {
    /// BERT-base (Devlin et al. 2019): 12 layers, 768 wide, 12 heads, pooled output.
    BERT_BASE,
    /// A small BERT (Turc et al. 2019): 4 layers, 512 wide, 8 heads, pooled output.
    BERT_SMALL,
    /// A pre-norm transformer of any size.
    TRANSFORMER,
    /// Word vectors and one layer of gated recurrent units, the last token's state.
    GRU
  }

  /// The vocabulary.
  public record VocabularyOptions(
      @Setting(
              "Vocabulary file, one token per line, as BERT's vocab.txt; without one, a vocabulary"
                  + " is trained on the captions of the training split.")
          Optional<Path> file,
      @Setting(
              value =
                  "Number of tokens: the most that training makes (8192 where not given), or what"
                      + " the file must have.",
              min = 16,
              max = 1_000_000)
          Optional<Integer> size,
      @Setting(
              value = "How often characters and pairs must occur to become tokens in training.",
              byDefault = "2",
              min = 1)
          int minFrequency,
      @Setting(
              value = "Whether letters become lower case and lose their accents.",
              byDefault = "true")
          boolean lowercase) {}

  /// How the two views come about.
  public record AugmentOptions(
      @Setting(value = "Where the second view's text comes from.", byDefault = "other-caption")
          Source source,
      @Setting(
              value =
                  "File of back-translations, one JSON object per line: hash (SHA-256 of the caption"
                      + " without white space around it, as UTF-8, in hexadecimal), language, text.",
              appliesTo = "back-translation")
          Optional<Path> file,
      @Setting(
              value = "What stands in for a caption without back-translations.",
              byDefault = "other-caption",
              appliesTo = "back-translation")
          Fallback fallback,
      @Setting(
              value = "Probability with which each word of a view is left out.",
              byDefault = "0",
              min = 0,
              below = 1)
          double wordDropout,
      @Setting(
              value = "Probability with which each word of a view is swapped with the next.",
              byDefault = "0",
              min = 0,
              max = 1)
          double wordSwap) {
    /// Back-translations are read from a file.
    public AugmentOptions {
      if (source == Source.BACK_TRANSLATION && file.isEmpty()) {
        throw new IllegalArgumentException("source back-translation needs a file but none is set");
      }
    }
  }

  /// Where the second view's text comes from.
  public enum Source {
    /// Another caption of the same sample; the same one where there is only one.
    OTHER_CAPTION,
    /// The same caption.
    SAME_CAPTION,
    /// Precomputed translations into other languages and back; both views are drawn without
    /// replacement from a caption and its back-translations.
    BACK_TRANSLATION
  }

  /// What stands in for a caption without back-translations.
  public enum Fallback {
    /// As [Source#OTHER_CAPTION].
    OTHER_CAPTION,
    /// As [Source#SAME_CAPTION].
    SAME_CAPTION
  }
}
