package mmct.text;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;
import mmct.text.tags.TagVocabulary;

/// Tags: a set of words per sample. They say which samples are alike, and may be encoded too.
public final class TagsProvider implements ModalityProvider<TagsOptions> {
  private static final String STORED = "tags.txt";

  /// Creates the provider.
  public TagsProvider() {}

  @Override
  public String name() {
    return "tags";
  }

  @Override
  public Class<TagsOptions> options() {
    return TagsOptions.class;
  }

  @Override
  public String description() {
    return "Tags as multi-hot vectors over the most frequent ones; encoded by an embedding bag.";
  }

  @Override
  public Columns columns() {
    return new Columns(List.of("tags"), Columns.Kind.LIST);
  }

  @Override
  public Modality create(TagsOptions options, ModalityContext context) {
    TagVocabulary vocabulary =
        context
            .store()
            .read(STORED)
            .map(
                content -> TagVocabulary.parse(content, STORED + " of the run's " + context.name()))
            .orElseGet(() -> count(options, context));
    context.notes().accept(line(context.name(), vocabulary));
    return new TagsModality(context.name(), vocabulary, options);
  }

  private static TagVocabulary count(TagsOptions options, ModalityContext context) {
    Supplier<Stream<Cell>> cells =
        context
            .trainingCells()
            .orElseThrow(
                () ->
                    new MmctException(
                        context.name()
                            + " needs its list of tags but the run has stored none and there are no"
                            + " samples to count"));
    try (Stream<Cell> samples = cells.get()) {
      TagVocabulary vocabulary =
          TagVocabulary.mostFrequent(
              samples.map(cell -> TextModality.captions(cell, context.name())),
              options.vocabulary(),
              options.minCount());
      context.store().write(STORED, vocabulary.toBytes());
      return vocabulary;
    }
  }

  private static String line(String name, TagVocabulary vocabulary) {
    return String.format(
        Locale.ROOT,
        "%s: vocabulary of %,d tags, the most frequent '%s'",
        name,
        vocabulary.size(),
        vocabulary.tags().getFirst());
  }
}
