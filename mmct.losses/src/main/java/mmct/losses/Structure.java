package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// Keeps the neighbourhoods that a backbone's features have: how a row relates to the batch
/// must be the same after the projection as before it. A companion of another objective.
///
/// Gröger et al., "With Limited Data for Multimodal Alignment, Let the STRUCTURE Guide You",
/// 2025: `1/L Σ_{ℓ≤L} JS( S(x)^ℓ ‖ S(x̂)^ℓ )` with `S(z) = softmax(z̃ z̃ᵀ/τ)` over the rows
/// of a batch, where z̃ is normalised and then centred by the batch's mean; the mean over
/// rows and modalities. The paper's λ is the objective's weight (there 10); it rises
/// linearly over the first steps.
///
/// Deviations: JS is the Jensen-Shannon divergence in nats, at most ln 2; the authors' code
/// computes `½[KL(m‖a) + KL(m‖o)]`, which has no bound. The backbone's features carry no
/// gradient: they are what is to be kept, and where the backbone is trained it must not
/// follow its projection.
///
/// No row is a negative of another: rows of one instance are neighbours before the projection as
/// after it, so nothing is left out.
///
/// @param options temperature, levels, warm-up
public record Structure(StructureOptions options) implements Loss {
  /// Added to probabilities before the logarithm, so that it stays finite where they are zero.
  private static final float TINY = 1e-30f;

  /// Checks the options.
  public Structure {
    options = Settings.of(options).bind(StructureOptions.class);
  }

  @Override
  public Needs needs() {
    Needs.Side each = new Needs.Side(1, 0, Needs.Queue.NONE, true);
    return Needs.pair().form(new Needs.Joint(1, Integer.MAX_VALUE, each));
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    NDList divergences = new NDList();
    for (LossInput.Features side : input.sides()) {
      NDArray original = side.backbone().orElseThrow().stopGradient(); // [n, w]
      divergences.add(
          divergence(relations(normalised(original)), relations(side.queries().getFirst())));
    }
    NDArray mean = NDArrays.stack(divergences).mean(new int[] {0}); // [n]
    return LossOutput.of(mean.mul(Constant.of(mean, ramp(input.step()))));
  }

  private double ramp(long step) {
    return options.warmupSteps() == 0 ? 1 : Math.min(1, (double) step / options.warmupSteps());
  }

  private static NDArray normalised(NDArray rows) {
    return rows.div(Lengths.of(rows, 1e-24));
  }

  /// How each row relates to the rows of the batch, probabilities `[n, n]`.
  private NDArray relations(NDArray rows) {
    NDArray centred = rows.sub(rows.mean(new int[] {0}, true)); // [n, d]
    NDArray scaled = centred.div(Constant.of(centred, options.temperature()));
    return scaled.matMul(centred.transpose()).softmax(1);
  }

  /// The mean divergence over the levels, `[n]`.
  private NDArray divergence(NDArray original, NDArray aligned) {
    NDList terms = new NDList();
    NDArray left = original;
    NDArray right = aligned;
    for (int level = 1; level <= options.levels(); level++) {
      if (level > 1) {
        left = left.matMul(original);
        right = right.matMul(aligned);
      }
      NDArray term = jensenShannon(left, right); // [n]
      terms.add(options.weightByLevel() ? term.div(Constant.of(term, level)) : term);
    }
    return NDArrays.stack(terms).mean(new int[] {0});
  }

  /// The Jensen-Shannon divergence of rows of probabilities in nats: `[n]`.
  private static NDArray jensenShannon(NDArray left, NDArray right) {
    NDArray half = Constant.of(right, 0.5);
    NDArray middle = right.add(left).mul(half);
    NDArray both = towards(right, middle).add(towards(left, middle));
    return both.mul(half);
  }

  private static NDArray towards(NDArray probabilities, NDArray middle) {
    NDArray tiny = Constant.of(middle, TINY);
    return probabilities
        .mul(probabilities.add(tiny).log().sub(middle.add(tiny).log()))
        .sum(new int[] {1});
  }
}
