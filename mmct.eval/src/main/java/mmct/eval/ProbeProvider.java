package mmct.eval;

import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;
import mmct.eval.probe.Probe;

/// Provides `probe`: what one linear layer makes of frozen features.
///
/// The figures are `top1`, `top5` (with more than five classes) and `perClass`, the mean of the
/// classes' own top-1 accuracies, all in per cent (0 to 100) and as means over the seeds, and their
/// standard deviations `deviation.top1` and so on where there are several seeds. The protocol holds
/// the recipe, counts, overlaps and the table of the classes.
public final class ProbeProvider implements EvaluatorProvider<ProbeOptions> {
  /// Creates the provider; called by the service loader.
  public ProbeProvider() {}

  @Override
  public String name() {
    return "probe";
  }

  @Override
  public Class<ProbeOptions> options() {
    return ProbeOptions.class;
  }

  @Override
  public String description() {
    return "how well one linear layer on frozen features tells classes apart";
  }

  @Override
  public Evaluator create(ProbeOptions options) {
    return Probe.evaluator(options);
  }
}
