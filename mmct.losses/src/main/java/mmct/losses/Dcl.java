package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.OptionalDouble;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Needs;

/// Decoupled contrastive learning: InfoNCE whose denominator is without the positive.
///
/// Yeh et al., "Decoupled Contrastive Learning", 2022, the losses DCL and DCLW:
/// `−w s₀/τ + log Σⱼ exp(sⱼ/τ)` over the unmasked queue rows and, where the objective takes them,
/// the keys of the batch. DCL has `w = 1`; DCLW has `wᵢ = 2 − exp(s₀ᵢ/σ) / (1/n Σₗ exp(s₀ₗ/σ))`
/// over the rows of the batch, through which no gradient flows. The value may be negative.
///
/// Where a query has no candidate at all, the sum is empty and its logarithm has no value: such a
/// row costs nothing.
///
/// @param options temperatures and weighting
public record Dcl(DclOptions options) implements CandidateLoss {
  /// Checks the options.
  public Dcl {
    options = Settings.of(options).bind(DclOptions.class);
  }

  @Override
  public double temperature() {
    return options.temperature();
  }

  @Override
  public Needs needs() {
    return new Needs(
        new Needs.Pair(Needs.Side.query(), Needs.Side.key(Needs.Queue.REQUIRED), false),
        List.of(),
        List.of());
  }

  @Override
  public NDArray value(CandidateLogits logits) {
    NDArray own = logits.own().squeeze(1); // [n]
    NDArray attraction = options.weighted() ? own.mul(weights(own)) : own; // [n]
    NDArray repulsion = logits.logSumExp(0).squeeze(1); // [n]
    return repulsion.sub(attraction).mul(CandidateLogits.some(repulsion));
  }

  /// `2 − n · softmax(s₀/σ)` over the rows, `[n]`.
  private NDArray weights(NDArray own) {
    NDArray sharpness = Constant.of(own, options.temperature() / options.weightTemperature());
    NDArray shares = own.stopGradient().mul(sharpness).softmax(0);
    return shares.mul(Constant.of(own, (double) -own.size())).add(Constant.of(own, 2));
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return candidates == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.log((double) candidates));
  }
}
