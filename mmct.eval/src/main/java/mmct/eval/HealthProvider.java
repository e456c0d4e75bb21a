package mmct.eval;

import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;
import mmct.eval.health.Health;

/// Provides `health`: cheap figures of the features themselves, which need no classes and no task.
///
/// For each modality `a` there is `a.effectiveRank` of the backbone's features; for each of its
/// spaces `s`, `a.s.uniformity` and `a.s.effectiveRank`; for each two modalities that share a
/// space, `a-b.s.alignment` and `a-b.s.gap`.
public final class HealthProvider implements EvaluatorProvider<HealthOptions> {
  /// Creates the provider; called by the service loader.
  public HealthProvider() {}

  @Override
  public String name() {
    return "health";
  }

  @Override
  public Class<HealthOptions> options() {
    return HealthOptions.class;
  }

  @Override
  public String description() {
    return "whether features are spread out: alignment, uniformity, effective rank, modality gap";
  }

  @Override
  public Evaluator create(HealthOptions options) {
    return new Health(options);
  }
}
