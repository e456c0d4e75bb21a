package mmct.eval;

import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;
import mmct.eval.tagging.Tagging;

/// Provides `tagging`.
///
/// The figures are `mIOU@5`, `@10`, `@15` and `@20`, the overlap of the k best tags of an image
/// with its true ones, and `mAP`, the mean over tags of the average precision with which a tag
/// ranks the images; all per cent. Where several networks are trained, the group `deviation` holds
/// the standard deviation of each figure. The protocol holds counts, the network's settings, what
/// a random ranking reaches (`chance`), and what a ranking by frequency reaches (`byFrequency`).
public final class TaggingProvider implements EvaluatorProvider<TaggingOptions> {
  /// Creates the provider; called by the service loader.
  public TaggingProvider() {}

  @Override
  public String name() {
    return "tagging";
  }

  @Override
  public Class<TaggingOptions> options() {
    return TaggingOptions.class;
  }

  @Override
  public String description() {
    return "how well tags can be read from frozen features by a small network";
  }

  @Override
  public Evaluator create(TaggingOptions options) {
    return new Tagging(options);
  }
}
