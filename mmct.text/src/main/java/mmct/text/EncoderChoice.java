package mmct.text;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.List;
import mmct.api.spi.Backbone;
import mmct.text.encoder.BertEncoder;
import mmct.text.encoder.GruEncoder;
import mmct.text.encoder.TransformerEncoder;
import mmct.text.wordpiece.Vocabulary;

/// Makes the encoder that the options name.
///
/// @param options the architecture and its sizes
/// @param maxLength the most tokens of a row
/// @param vocabulary gives the number of tokens and the padding id
record EncoderChoice(TextOptions.EncoderOptions options, int maxLength, Vocabulary vocabulary) {
  /// A new, uninitialised encoder.
  ///
  /// @param active whether its dropout is active in training
  Backbone newBackbone(boolean active) {
    double dropout = active ? options.dropout().orElse(0.1) : 0;
    return switch (options.type()) {
      case BERT_BASE -> bert(BertEncoder.Sizes.base(vocabulary.size(), padding(), dropout));
      case BERT_SMALL -> bert(BertEncoder.Sizes.small(vocabulary.size(), padding(), dropout));
      case TRANSFORMER -> transformer(dropout);
      case GRU -> gru();
    };
  }

  private Backbone bert(BertEncoder.Sizes sizes) {
    return backbone(new BertEncoder(sizes), sizes.width());
  }

  private Backbone transformer(double dropout) {
    TransformerEncoder.Sizes sizes =
        new TransformerEncoder.Sizes(
            vocabulary.size(),
            padding(),
            maxLength,
            options.depth().orElse(2),
            options.width().orElse(256),
            options.heads().orElse(4),
            dropout);
    return backbone(new TransformerEncoder(sizes), sizes.width());
  }

  private Backbone gru() {
    int width = options.width().orElse(1024);
    int words = options.words().orElse(300);
    return backbone(new GruEncoder(vocabulary.size(), padding(), words, width), width);
  }

  private Backbone backbone(Block block, int width) {
    return new Backbone(block, width, List.of(new Shape(1, maxLength)));
  }

  private int padding() {
    return vocabulary.id(Vocabulary.PAD);
  }
}
