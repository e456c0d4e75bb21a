package mmct.text;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import mmct.api.spi.Backbone;
import mmct.text.encoder.TransformerEncoder;
import mmct.text.wordpiece.Vocabulary;

/// Makes the encoder that the options name.
final class EncoderChoice {
  private EncoderChoice() {}

  static Backbone backbone(
      TextOptions.EncoderOptions options, int maxLength, Vocabulary vocabulary) {
    int padding = vocabulary.id(Vocabulary.PAD);
    double dropout = options.dropout().orElse(0.1);
    int width = options.width().orElse(256);
    TransformerEncoder.Sizes sizes =
        new TransformerEncoder.Sizes(
            vocabulary.size(),
            padding,
            maxLength,
            options.depth().orElse(2),
            width,
            options.heads().orElse(4),
            dropout);
    return switch (options.type()) {
      case TRANSFORMER ->
          new Backbone(new TransformerEncoder(sizes), width, List.of(new Shape(1, maxLength)));
      case BERT_BASE, BERT_SMALL, GRU -> throw new UnsupportedOperationException();
    };
  }
}
