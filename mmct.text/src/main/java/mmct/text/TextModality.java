package mmct.text;

import java.util.List;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;
import mmct.text.paraphrase.CaptionDraw;
import mmct.text.wordpiece.Vocabulary;
import mmct.text.wordpiece.WordPieceTokenizer;

/// Captions as token ids. A view is one int64 vector of at most `maxLength` ids; a batch is padded
/// to its longest.
final class TextModality implements Modality {
  private final String name;
  private final WordPieceTokenizer tokenizer;
  private final CaptionDraw captionDraw;
  private final int maxLength;
  private final EncoderChoice encoder;

  TextModality(
      String name,
      WordPieceTokenizer tokenizer,
      CaptionDraw captionDraw,
      int maxLength,
      EncoderChoice encoder) {
    this.name = name;
    this.tokenizer = tokenizer;
    this.captionDraw = captionDraw;
    this.maxLength = maxLength;
    this.encoder = encoder;
  }

  @Override
  public Views draw(Cell cell, ViewRequest request) {
    CaptionDraw.Texts texts =
        captionDraw.draw(captions(cell, name), request.queries(), request.keys(), request.seed());
    return new Views(views(texts.queries()), views(texts.keys()));
  }

  @Override
  public List<View> plain(Cell cell) {
    return views(captions(cell, name));
  }

  @Override
  public List<HostTensor> collate(List<View> views) {
    int padding = tokenizer.vocabulary().id(Vocabulary.PAD);
    return List.of(HostTensor.padAndStack(views, 0, padding));
  }

  @Override
  public Optional<Backbone> newBackbone(boolean dropout) {
    return Optional.of(encoder.newBackbone(dropout));
  }

  /// The captions of a cell.
  static List<String> captions(Cell cell, String name) {
    if (cell instanceof Cell.Strings(List<String> values)) {
      return values;
    }
    throw new MmctException(
        "%s reads text but was given %s".formatted(name, cell.getClass().getSimpleName()));
  }

  private List<View> views(List<String> texts) {
    return texts.stream().map(this::view).toList();
  }

  private View view(String text) {
    long[] ids = tokenizer.ids(text, maxLength);
    return View.of(ids, ids.length);
  }
}
