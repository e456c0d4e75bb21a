package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.List;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.Needs;

/// The pairwise sigmoid loss among the rows of a batch: every pair of rows of two modalities is a
/// question of its own, do these two belong together?
///
/// Zhai et al., "Sigmoid Loss for Language Image Pre-Training", 2023, section 3.2
/// and Algorithm 1: per row `−Σⱼ log σ(zᵢⱼ (t xᵢ·yⱼ + b))` with z = 1 for i = j and −1 elsewhere;
/// `t = exp(logScale)` and b are trained. Since `−log σ(x) = softplus(−x)` it stays finite.
///
/// Pairs of different rows of one instance are no question where the run says so.
///
/// @param options scale and bias at the start
public record Siglip(SiglipOptions options) implements Loss {
  /// Checks the options.
  public Siglip {
    options = Settings.of(options).bind(SiglipOptions.class);
  }

  @Override
  public Needs needs() {
    return new Needs(
        new Needs.Joint(2, 2, Needs.Side.query()),
        List.of(
            LossParameter.scalar("logScale", Math.log(options.scale())),
            LossParameter.scalar("bias", options.bias())),
        List.of());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    NDArray first = input.query().mul(input.parameter("logScale").exp()); // [n, d]
    NDArray second = input.sides().getLast().queries().getFirst(); // [n, d]
    NDArray logits = first.matMul(second.transpose()).add(input.parameter("bias")); // [n, n]
    int n = Math.toIntExact(logits.getShape().get(0));
    NDArray eye = input.manager().eye(n);
    NDArray opposite = eye.mul(Constant.of(eye, -2)).add(Constant.of(eye, 1)); // [n, n], −z
    NDArray costs = Activation.softPlus(logits.mul(opposite)); // [n, n]
    NDArray asked =
        input.sameInstance().map(same -> costs.mul(SameInstance.there(same))).orElse(costs);
    return LossOutput.of(asked.sum(new int[] {1})); // [n]
  }
}
