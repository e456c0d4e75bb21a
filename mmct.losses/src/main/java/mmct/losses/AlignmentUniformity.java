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
/// With a single row the two uniformities are absent.
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
    if (views.rows() > 1) {
      NDArray first = uniformity(views.first(), views.first());
      NDArray second = uniformity(views.second(), views.second());
      NDArray across = uniformity(views.first(), views.second());
      value = value.add(weighted(first.add(second), options.uniformity() / 2));
      value = value.add(weighted(across, options.crossUniformity()));
    }
    return LossOutput.of(value);
  }

  private static NDArray weighted(NDArray value, double weight) {
    return value.mul(Constant.of(value, weight));
  }

  /// The logarithm of the mean potential over the pairs of different rows, `[]`.
  private NDArray uniformity(NDArray left, NDArray right) {
    int rows = Math.toIntExact(left.getShape().get(0));
    NDArray dots = left.matMul(right.transpose()); // [n, n]
    NDArray distances =
        left.mul(left)
            .sum(new int[] {1}, true)
            .add(right.mul(right).sum(new int[] {1}))
            .sub(dots.mul(Constant.of(dots, 2))); // [n, n]
    NDArray logits = distances.mul(Constant.of(distances, -options.sharpness()));
    NDArray apart = logits.add(LogSum.excludeSelf(rows, logits.getManager()));
    NDArray sum = LogSum.along(0, apart.flatten());
    // A plain double would make a lone number of float64.
    return sum.sub(Constant.of(sum, Math.log(rows * (rows - 1.0))));
  }
}
