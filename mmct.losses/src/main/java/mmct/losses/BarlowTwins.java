package mmct.losses;

import ai.djl.ndarray.NDArray;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// Redundancy reduction: the correlations between the components of two views become the
/// identity.
///
/// Zbontar et al., "Barlow Twins: Self-Supervised Learning via Redundancy Reduction", 2021:
/// `Σ_a (1 − C_aa)² + λ Σ_{a≠b} C_ab²`, where C `[d, d]` is the correlation of
/// component a of the first view with component b of the second over the batch.
///
/// Deviation: features arrive with length 1; they are multiplied by √d, so that the ε of the
/// standardisation stands beside variances about 1. The scale of the whole loss in the authors'
/// first code (0.024; 0.025 in clip-rocket) is the objective's weight; λ is the paper's, 0.0051 in
/// their code.
///
/// Rows are not compared with each other, so rows of one instance are no negatives.
///
/// With a single row there is no correlation, and the value is zero.
///
/// @param options λ and views
public record BarlowTwins(BarlowTwinsOptions options) implements Loss {
  /// As in batch normalisation.
  private static final double EPSILON = 1e-5;

  /// Checks the options.
  public BarlowTwins {
    options = Settings.of(options).bind(BarlowTwinsOptions.class);
  }

  @Override
  public Needs needs() {
    return TwoViews.needs(options.views());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    TwoViews views = TwoViews.of(input);
    if (views.rows() < 2) {
      return LossOutput.of(views.nothing());
    }
    NDArray products = standardised(views.first()).transpose().matMul(standardised(views.second()));
    NDArray correlations = products.div(Constant.of(products, views.rows())); // [d, d]
    NDArray eye = input.manager().eye(Math.toIntExact(views.width()));
    NDArray apart = correlations.sub(eye);
    // One weight for the diagonal, another for the rest.
    NDArray more = Constant.of(eye, 1 - options.redundancy());
    NDArray weights = eye.mul(more).add(Constant.of(eye, options.redundancy()));
    return LossOutput.of(apart.mul(apart).mul(weights).sum());
  }

  /// Components of mean 0 and variance 1 over the batch, `[p, d]`.
  private static NDArray standardised(NDArray rows) {
    NDArray scaled = rows.mul(Constant.of(rows, Math.sqrt((double) rows.getShape().get(1))));
    NDArray centred = scaled.sub(scaled.mean(new int[] {0}, true));
    NDArray variance = centred.mul(centred).mean(new int[] {0}, true); // [1, d]
    return centred.div(variance.add(Constant.of(variance, EPSILON)).sqrt());
  }
}
