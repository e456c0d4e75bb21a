package mmct.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Feeding;
import mmct.api.spi.Modality;
import mmct.text.paraphrase.CaptionDraw;
import mmct.text.wordpiece.Vocabulary;
import mmct.text.wordpiece.WordPieceTokenizer;

/// Captions as token ids. A view is one int64 vector of at most `maxLength` ids; a batch is padded
/// to its longest.
final class TextModality implements Modality {
  /// 32 MB: the captions of a hundred thousand samples or so.
  private static final long KEPT_IDS = 1 << 22;

  private final String name;
  private final WordPieceTokenizer tokenizer;
  private final CaptionDraw captionDraw;
  private final int maxLength;
  private final EncoderChoice encoder;
  private final KeptViews kept = new KeptViews(KEPT_IDS);

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
    return captionDraw.noise().isNone()
        ? new Views(views(texts.queries()), views(texts.keys()))
        : new Views(noisy(texts.queries()), noisy(texts.keys()));
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

  @Override
  public Feeding feeding() {
    Vocabulary vocabulary = tokenizer.vocabulary();
    Map<String, String> rules = new LinkedHashMap<>();
    rules.put(
        "input", "ids: int64 [n, l], l at most %d and the same for all rows".formatted(maxLength));
    rules.put("tokenizer", "wordpiece, as of BERT");
    rules.put("vocabulary", "one token per line, whose id is the number of its line from 0");
    rules.put("lowercase", Boolean.toString(tokenizer.lowercase()));
    rules.put("accents", tokenizer.lowercase() ? "stripped" : "kept");
    rules.put("start", Integer.toString(vocabulary.id(Vocabulary.START)));
    rules.put("end", Integer.toString(vocabulary.id(Vocabulary.END)));
    rules.put("unknown", Integer.toString(vocabulary.id(Vocabulary.UNKNOWN)));
    rules.put("padding", Integer.toString(vocabulary.id(Vocabulary.PAD)));
    rules.put("maxLength", Integer.toString(maxLength));
    rules.put(
        "order",
        "start, the first tokens up to maxLength - 2, end, then padding up to the longest row of the batch");
    return new Feeding(List.of("ids"), Optional.of(new Feeding.Lengths(1, maxLength)), rules);
  }

  /// Random tokens; the first row has the whole length, the others end in padding.
  @Override
  public List<HostTensor> examples(int rows, int length, long seed) {
    int padding = tokenizer.vocabulary().id(Vocabulary.PAD);
    SplittableRandom random = new SplittableRandom(seed);
    List<View> views = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      long[] ids = new long[row == 0 ? length : random.nextInt(1, length + 1)];
      Arrays.setAll(ids, i -> tokenOtherThan(padding, random));
      views.add(View.of(ids, ids.length));
    }
    return collate(views);
  }

  private long tokenOtherThan(int padding, SplittableRandom random) {
    int id = random.nextInt(tokenizer.vocabulary().size() - 1);
    return id < padding ? id : id + 1L;
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
    return texts.stream().map(text -> kept.get(text, this::view)).toList();
  }

  /// Hardly any text comes twice.
  private List<View> noisy(List<String> texts) {
    return texts.stream().map(this::view).toList();
  }

  private View view(String text) {
    long[] ids = tokenizer.ids(text, maxLength);
    return View.of(ids, ids.length);
  }
}
