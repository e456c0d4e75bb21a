package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.Needs;

/// Cross-entropy of the volume that the modalities' vectors span: the first modality is the
/// anchor, the others come as tuples.
///
/// Cicchetti et al., "Gramian Multimodal Representation Learning and Alignment", 2024:
/// `V_ij = √det G(aᵢ, bⱼ⁽¹⁾, …, bⱼ⁽ᴹ⁻¹⁾)` and `½[CE(−V/τ) + CE(−Vᵀ/τ)]`, both with
/// smoothed labels.
///
/// Deviations: `√(det + ε)` instead of `√|det|`, whose gradient grows without bound as the
/// vectors meet; the matching term (ITM) of the paper needs a joint encoder and is not part
/// of it; a learned temperature is held within bounds as [Temperature] says; tuples of a row's own
/// instance other than its own are left out where the run says so.
///
/// The volume is blind to signs, and zero as soon as any two of the vectors coincide.
///
/// @param options temperature, smoothing, ε
public record Gram(GramOptions options) implements Loss {
  /// The determinant takes `m 2^(m−1)` products of `[n, n]`.
  private static final int MOST_MODALITIES = 8;

  /// Checks the options.
  public Gram {
    options = Settings.of(options).bind(GramOptions.class);
  }

  @Override
  public Needs needs() {
    return QueryViews.needs(1, MOST_MODALITIES)
        .parameters(options.bounds().parameters().toArray(LossParameter[]::new));
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    List<NDArray> rows = input.sides().stream().map(side -> side.queries().getFirst()).toList();
    NDArray squares = GramDeterminant.of(rows); // [n, n]
    NDArray volumes = squares.add(Constant.of(squares, options.epsilon())).sqrt(); // [n, n]
    Optional<NDArray> same = input.sameInstance();
    NDArray logits =
        CrossEntropy.mask(volumes.neg().mul(options.bounds().inverse(input)), same); // [n, n]
    int n = Math.toIntExact(logits.getShape().get(0));
    NDArray targets = CrossEntropy.diagonal(n, options.labelSmoothing(), same, input.manager());
    NDArray value = CrossEntropy.bothWays(logits, targets, targets, 0.5); // [n]
    return LossOutput.of(options.bounds().heldWithin(value, input));
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.of(Math.log(candidates + 1.0));
  }
}
