package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossInput.Features;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// Continuously weighted contrastive loss: rows of the batch that are alike within the first
/// modality share the target in the second.
///
/// Srinivasa et al., "CWCL: Cross-Modal Transfer with Continuously Weighted Contrastive Loss",
/// 2023: from the first modality to the second
/// `−Σⱼ (wᵢⱼ / Σₗ wᵢₗ) log softmax(xᵢ·y/τ)ⱼ` with `wᵢⱼ = (1 + eᵢ·eⱼ)/2`, where e are reference
/// features of the first modality through which no gradient flows; from the second to the first
/// the plain cross-entropy. The value is the mean of both.
///
/// Deviations: the reference features are those of the momentum encoder, or of the backbone,
/// which is frozen where the modality's learning rate is 0 (the paper's are of a frozen
/// encoder); weights can be sharpened to `exp((eᵢ·eⱼ − 1)/T)`, since with the paper's the loss
/// cannot fall below their entropy; other rows of a row's own instance have no share and are left
/// out where the run says so.
///
/// @param options temperature and weights
public record Cwcl(CwclOptions options) implements Loss {
  /// Where the reference features come from.
  public enum Reference {
    /// The momentum encoder, in the objective's space.
    MOMENTUM,
    /// The backbone, before any projection.
    BACKBONE
  }

  /// Checks the options.
  public Cwcl {
    options = Settings.of(options).bind(CwclOptions.class);
  }

  @Override
  public Needs needs() {
    Needs.Side each =
        switch (options.reference()) {
          case MOMENTUM -> new Needs.Side(1, 1, Needs.Queue.NONE, false);
          case BACKBONE -> new Needs.Side(1, 0, Needs.Queue.NONE, true);
        };
    return new Needs(new Needs.Joint(2, 2, each), options.bounds().parameters(), List.of());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    NDArray first = input.query().mul(options.bounds().inverse(input)); // [n, d]
    NDArray second = input.sides().getLast().queries().getFirst(); // [n, d]
    Optional<NDArray> same = input.sameInstance();
    NDArray logits = CrossEntropy.mask(first.matMul(second.transpose()), same); // [n, n]
    int n = Math.toIntExact(logits.getShape().get(0));
    NDArray own = CrossEntropy.diagonal(n, 0, input.manager());
    NDArray value =
        CrossEntropy.bothWays(logits, weights(input.sides().getFirst(), same), own, 0.5); // [n]
    return LossOutput.of(options.bounds().heldWithin(value, input));
  }

  /// The targets of the first modality's rows, `[n, n]`; each row sums to 1.
  private NDArray weights(Features first, Optional<NDArray> same) {
    NDArray reference =
        switch (options.reference()) {
          case MOMENTUM -> first.keys().getFirst();
          case BACKBONE -> first.backbone().orElseThrow().stopGradient().normalize(2, 1);
        };
    NDArray cosines = reference.matMul(reference.transpose()); // [n, n]
    if (options.weightTemperature().isPresent()) {
      NDArray temperature = Constant.of(cosines, options.weightTemperature().get());
      NDArray sharp = cosines.sub(Constant.of(cosines, 1)).div(temperature);
      return CrossEntropy.mask(sharp, same).softmax(1);
    }
    NDArray all = cosines.add(Constant.of(cosines, 1)).maximum(Constant.of(cosines, 0)); // [n, n]
    NDArray weights = same.map(which -> all.mul(SameInstance.there(which))).orElse(all);
    return weights.div(weights.sum(new int[] {1}, true));
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.of(Math.log(candidates + 1.0));
  }
}
