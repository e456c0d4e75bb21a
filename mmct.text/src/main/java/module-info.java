/// Captions and tags: WordPiece tokens, text encoders, paraphrase sources, tag vectors, and the
/// rule that samples with shared tags are alike.
@org.jspecify.annotations.NullMarked
module mmct.text {
  requires transitive mmct.api;
  requires com.fasterxml.jackson.databind;

  exports mmct.text;

  provides mmct.api.spi.ModalityProvider with
      mmct.text.TextProvider,
      mmct.text.TagsProvider;
  provides mmct.api.spi.PositivesProvider with
      mmct.text.SharedTagsProvider;
}
