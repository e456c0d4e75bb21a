package mmct.losses;

import ai.djl.ndarray.NDArray;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// Alignment and uniformity on the sphere, and uniformity across two modalities.
///
/// Wang and Isola, "Understanding Contrastive Representation Learning through Alignment and
/// Uniformity on the Hypersphere", 2020, the two losses: alignment `1/n Σᵢ ‖xᵢ − yᵢ‖²`,
/// uniformity `U(x) = log 2/(n(n−1)) Σ_{i<j} exp(−t‖xᵢ − xⱼ‖²)`. Fahim et al., "It's Not a
/// Modality Gap", 2024, adds the uniformity across: `log 1/(n(n−1)) Σ_{i≠j} exp(−t‖xᵢ −
/// yⱼ‖²)`. The value is `alignment + ½(U(x) + U(y)) + across`, each with its weight.
///
/// With a single row the two uniformities are absent. Pairs of different rows of one instance are
/// left out of them where the run says so.
///
/// @param options weights and t
public record AlignmentUniformity(AlignmentUniformityOptions options) implements Loss {
  /// Checks the options.
  public AlignmentUniformity {
    options = Settings.of(options).bind(AlignmentUniformityOptions.class);
  }

  @Override
  public Needs needs() {
    return TwoViews.needs(options.views());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    TwoViews views = TwoViews.of(input);
    NDArray value = views.nothing();
    if (views.rows() > 0) {
      NDArray between = views.first().sub(views.second());
      NDArray alignment = between.mul(between).sum(new int[] {1}).mean();
      value = value.add(weighted(alignment, options.alignment()));
    }
    double pairs = views.rows() * (views.rows() - 1.0) - SameInstance.pairs(views.same());
    if (pairs > 0) {
      NDArray apart = SameInstance.exclude(views.rows(), views.same(), input.manager()); // [n, n]
      NDArray first = uniformity(views.first(), views.first(), apart, pairs);
      NDArray second = uniformity(views.second(), views.second(), apart, pairs);
      NDArray across = uniformity(views.first(), views.second(), apart, pairs);
      value = value.add(weighted(first.add(second), options.uniformity() / 2));
      value = value.add(weighted(across, options.crossUniformity()));
    }
    return LossOutput.of(value);
  }

  private static NDArray weighted(NDArray value, double weight) {
    return value.mul(Constant.of(value, weight));
  }

  /// The logarithm of the mean potential over the pairs of different rows, `[]`.
  ///
  /// @param apart leaves out what is no such pair, `[n, n]`
  /// @param pairs how many are left
  private NDArray uniformity(NDArray left, NDArray right, NDArray apart, double pairs) {
    NDArray dots = left.matMul(right.transpose()); // [n, n]
    NDArray distances =
        left.mul(left)
            .sum(new int[] {1}, true)
            .add(right.mul(right).sum(new int[] {1}))
            .sub(dots.mul(Constant.of(dots, 2))); // [n, n]
    NDArray logits = distances.mul(Constant.of(distances, -options.sharpness()));
    NDArray sum = LogSum.along(0, logits.add(apart).flatten());
    // A plain double would make a lone number of float64.
    return sum.sub(Constant.of(sum, Math.log(pairs)));
  }
}
