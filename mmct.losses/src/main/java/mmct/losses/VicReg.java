package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// Variance, invariance and covariance: two views are near, every component varies over the
/// batch, and components do not vary together.
///
/// Bardes et al., "VICReg: Variance-Invariance-Covariance Regularization for Self-Supervised
/// Learning", 2022: `λ s(x, y) + μ [v(x) + v(y)] + ν [c(x) + c(y)]` with `v(x) =
/// 1/d Σ_a max(0, 1 − √(Var(x_a) + ε))` and `c(x) = 1/d Σ_{a≠b} Cov(x)²_ab`; variances and
/// covariances divide by n − 1.
///
/// Deviations: the weights of the paper were found with its code, which divides s by n·d and
/// halves v, and so does this. Features arrive with length 1; they are multiplied by √d, so
/// that the variance 1 that is asked for is that of vectors spread evenly over the sphere.
///
/// Rows are not compared with each other, so rows of one instance are no negatives.
///
/// With a single row there is no variance, and only the invariance is left.
///
/// @param options the three weights
public record VicReg(VicRegOptions options) implements Loss {
  private static final double EPSILON = 1e-4;

  /// Checks the options.
  public VicReg {
    options = Settings.of(options).bind(VicRegOptions.class);
  }

  @Override
  public Needs needs() {
    return TwoViews.needs(options.views());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    TwoViews views = TwoViews.of(input);
    NDArray value = views.nothing();
    if (views.rows() == 0) {
      return LossOutput.of(value);
    }
    NDArray root = Constant.of(value, Math.sqrt((double) views.width()));
    NDArray first = views.first().mul(root); // [p, d]
    NDArray second = views.second().mul(root); // [p, d]
    NDArray between = first.sub(second);
    value = value.add(weighted(between.mul(between).mean(), options.invariance()));
    if (views.rows() > 1) {
      for (NDArray view : new NDArray[] {first, second}) {
        NDArray centred = view.sub(view.mean(new int[] {0}, true));
        value = value.add(weighted(variance(centred), options.variance() / 2));
        value = value.add(weighted(covariance(centred), options.covariance()));
      }
    }
    return LossOutput.of(value);
  }

  private static NDArray weighted(NDArray value, double weight) {
    return value.mul(Constant.of(value, weight));
  }

  private static NDArray perFreedom(NDArray sums, NDArray rows) {
    return sums.div(Constant.of(sums, rows.getShape().get(0) - 1.0));
  }

  private static NDArray variance(NDArray centred) {
    NDArray variances = perFreedom(centred.mul(centred).sum(new int[] {0}), centred); // [d]
    NDArray deviations = variances.add(Constant.of(variances, EPSILON)).sqrt(); // [d]
    return Activation.relu(Constant.of(deviations, 1).sub(deviations)).mean();
  }

  private static NDArray covariance(NDArray centred) {
    int width = Math.toIntExact(centred.getShape().get(1));
    NDArray covariances = perFreedom(centred.transpose().matMul(centred), centred); // [d, d]
    NDArray eye = centred.getManager().eye(width);
    NDArray apart = covariances.mul(Constant.of(eye, 1).sub(eye));
    return weighted(apart.mul(apart).sum(), 1.0 / width);
  }
}
