package mmct.eval;

import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;
import mmct.eval.retrieval.Retrieval;
import mmct.eval.retrieval.TrainedRetrieval;

/// Provides `retrieval`.
///
/// For a pair of modalities `a` and `b` the figures are `a-to-b.R@1`, `.R@5` and `.R@10` (per cent,
/// 0 to 100), `.medianRank` and `.meanRank` (counted from 1), and the same of `b-to-a`. The
/// protocol holds what the numbers depend on: counts, folds, how ties count, what a random ranking
/// would reach (`chance`, by the names of the figures), and how many of the samples the encoders
/// were trained on (`trainingOverlap`). With `train` the sentences are read by an encoder that is
/// trained first, and the protocol says so under `method`.
public final class RetrievalProvider implements EvaluatorProvider<RetrievalOptions> {
  /// Creates the provider; called by the service loader.
  public RetrievalProvider() {}

  @Override
  public String name() {
    return "retrieval";
  }

  @Override
  public Class<RetrievalOptions> options() {
    return RetrievalOptions.class;
  }

  @Override
  public String description() {
    return "how well a sample's one modality finds its other among all samples, both ways";
  }

  @Override
  public Evaluator create(RetrievalOptions options) {
    return options.train() ? new TrainedRetrieval(options) : new Retrieval(options);
  }
}
