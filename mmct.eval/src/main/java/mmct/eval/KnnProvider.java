package mmct.eval;

import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;
import mmct.eval.knn.Knn;

/// Provides `knn`: what the nearest features of another split say about a class.
///
/// For each number k of neighbours the figures are `kK.top1`, `kK.top5` (with more than five
/// classes) and `kK.perClass`, in per cent (0 to 100); for 20 neighbours `k20.top1`.
public final class KnnProvider implements EvaluatorProvider<KnnOptions> {
  /// Creates the provider; called by the service loader.
  public KnnProvider() {}

  @Override
  public String name() {
    return "knn";
  }

  @Override
  public Class<KnnOptions> options() {
    return KnnOptions.class;
  }

  @Override
  public String description() {
    return "how well the nearest neighbours in frozen features tell classes apart";
  }

  @Override
  public Evaluator create(KnnOptions options) {
    return Knn.evaluator(options);
  }
}
