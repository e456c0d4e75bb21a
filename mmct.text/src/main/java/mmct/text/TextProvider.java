package mmct.text;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;
import mmct.text.paraphrase.BackTranslations;
import mmct.text.paraphrase.CaptionDraw;
import mmct.text.paraphrase.ParaphraseSource;
import mmct.text.paraphrase.WordNoise;
import mmct.text.wordpiece.RunVocabulary;
import mmct.text.wordpiece.Vocabulary;
import mmct.text.wordpiece.WordPieceTokenizer;

/// Captions: one or several texts per sample, cut into WordPiece tokens and read by BERT, a small
/// transformer or a recurrent network.
public final class TextProvider implements ModalityProvider<TextOptions> {
  /// Creates the provider.
  public TextProvider() {}

  @Override
  public String name() {
    return "text";
  }

  @Override
  public Class<TextOptions> options() {
    return TextOptions.class;
  }

  @Override
  public String description() {
    return "Captions as WordPiece tokens, read by BERT, a transformer or a GRU.";
  }

  @Override
  public Columns columns() {
    return new Columns(List.of("caption", "caption_*"), Columns.Kind.STRINGS);
  }

  @Override
  public Modality create(TextOptions options, ModalityContext context) {
    Optional<Supplier<Stream<String>>> captions =
        context.trainingCells().map(cells -> () -> captions(cells, context.name()));
    Vocabulary vocabulary =
        new RunVocabulary(
                context.name(),
                options.vocabulary().file(),
                options.vocabulary().size(),
                options.vocabulary().minFrequency(),
                options.vocabulary().lowercase())
            .resolve(captions, context.store(), context.notes());
    return new TextModality(
        context.name(),
        new WordPieceTokenizer(vocabulary, options.vocabulary().lowercase()),
        new CaptionDraw(
            paraphrases(options.augment(), captions, context),
            new WordNoise(options.augment().wordDropout(), options.augment().wordSwap())),
        options.maxLength(),
        new EncoderChoice(options.encoder(), options.maxLength(), vocabulary));
  }

  private static Stream<String> captions(Supplier<Stream<Cell>> cells, String modality) {
    return cells.get().flatMap(cell -> TextModality.captions(cell, modality).stream());
  }

  private static ParaphraseSource paraphrases(
      TextOptions.AugmentOptions augment,
      Optional<Supplier<Stream<String>>> captions,
      ModalityContext context) {
    return switch (augment.source()) {
      case OTHER_CAPTION -> ParaphraseSource.OTHER_CAPTION;
      case SAME_CAPTION -> ParaphraseSource.SAME_CAPTION;
      case BACK_TRANSLATION -> {
        ParaphraseSource fallback =
            switch (augment.fallback()) {
              case OTHER_CAPTION -> ParaphraseSource.OTHER_CAPTION;
              case SAME_CAPTION -> ParaphraseSource.SAME_CAPTION;
            };
        // A finished run is opened without its captions and draws no more pairs.
        yield captions
            .map(texts -> backTranslations(augment, fallback, texts, context))
            .orElse(fallback);
      }
    };
  }

  private static ParaphraseSource backTranslations(
      TextOptions.AugmentOptions augment,
      ParaphraseSource fallback,
      Supplier<Stream<String>> captions,
      ModalityContext context) {
    BackTranslations translations = BackTranslations.read(augment.file().orElseThrow(), fallback);
    context.notes().accept(context.name() + ": " + translations.report(captions));
    return translations;
  }
}
