package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import mmct.api.config.Settings;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// The symmetric cross-entropy among the rows of a batch, between the queries of two modalities.
///
/// `λ·CE(S/τ) + (1 − λ)·CE(Sᵀ/τ)` with `Sᵢⱼ = xᵢ·yⱼ`, targets on the diagonal, smoothed by ε:
/// Radford et al., "Learning Transferable Visual Models From Natural Language Supervision",
/// 2021, Figure 3 (CLIP: λ = ½, τ learned from 0.07 on and never below 0.01); Zhang et al.,
/// "Contrastive Learning of Medical Visual Representations from Paired Images and Text", 2022
/// (ConVIRT: λ = 0.75, τ = 0.1 fixed); Jia et al., "Scaling Up Visual and
/// Vision-Language Representation Learning With Noisy Text Supervision", 2021
/// (ALIGN: λ = ½, τ learned, ε = 0.1).
///
/// Deviations: a learned temperature is held within bounds as [Temperature] says; other rows of a
/// row's own instance are left out where the run says so.
///
/// @param options temperature, direction and smoothing
public record Clip(ClipOptions options) implements Loss {
  /// Checks the options.
  public Clip {
    options = Settings.of(options).bind(ClipOptions.class);
  }

  private Temperature temperature() {
    return options.bounds();
  }

  @Override
  public Needs needs() {
    return new Needs(
        new Needs.Joint(2, 2, Needs.Side.query()), temperature().parameters(), List.of());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    NDArray first = input.query().mul(temperature().inverse(input)); // [n, d]
    NDArray second = input.sides().getLast().queries().getFirst(); // [n, d]
    Optional<NDArray> same = input.sameInstance();
    NDArray logits = CrossEntropy.mask(first.matMul(second.transpose()), same); // [n, n]
    int n = Math.toIntExact(logits.getShape().get(0));
    NDArray targets = CrossEntropy.diagonal(n, options.labelSmoothing(), same, input.manager());
    NDArray value =
        CrossEntropy.bothWays(logits, targets, targets, options.directionWeight()); // [n]
    return LossOutput.of(temperature().heldWithin(value, input));
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.of(Math.log(candidates + 1.0));
  }
}
