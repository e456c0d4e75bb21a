package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.Optional;
import java.util.OptionalDouble;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// Contrastive attraction and contrastive repulsion: the farther a positive, the more it
/// attracts; the nearer a negative, the more it repels.
///
/// Zheng et al., "Contrastive Attraction and Contrastive Repulsion for Representation
/// Learning", 2021: `α Σ_p w⁺ d²(q, p) − β Σ_n w⁻ d²(q, n)` with `w⁺ =
/// softmax_p(τ₊ d²)`, `w⁻ = softmax_n(−τ₋ d²)` and `d²(q, x) = 2 − 2 q·x`. Positives are the
/// row's own key views, negatives the unmasked queue rows.
///
/// Deviations: the authors' code with a queue takes the other queries of the batch for negatives as
/// well, with their gradient and with weights through which gradients flow; here the negatives are
/// the queue rows alone, or with `inBatchNegatives` the other keys of the batch too, which carry no
/// gradient. The authors take each view in turn as the query of the others and average; here the
/// query is one view.
///
/// With one positive the attraction is `α d²`; with τ₋ = 0 the repulsion is the mean.
/// Without any negative the repulsion is absent. The value may be negative.
///
/// @param options weights and sharpness
public record Cacr(CacrOptions options) implements Loss {
  /// Checks the options.
  public Cacr {
    options = Settings.of(options).bind(CacrOptions.class);
  }

  @Override
  public Needs needs() {
    Needs.Side keys = new Needs.Side(0, options.positiveViews(), Needs.Queue.REQUIRED, false);
    return Needs.pair().form(new Needs.Pair(Needs.Side.query(), keys, false));
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    NDArray query = input.query();
    NDList near = new NDList();
    for (NDArray key : input.sides().getLast().keys()) {
      near.add(distance(query.mul(key).sum(new int[] {1})));
    }
    NDArray positives = NDArrays.stack(near, 1); // [n, p]
    NDArray attraction =
        mean(positives, positives.mul(Constant.of(query, options.positiveSharpness())));
    NDArray value = attraction.mul(Constant.of(query, options.attraction())); // [n]
    if (input.queue().getShape().get(0) > 0) {
      NDArray weight = Constant.of(query, options.repulsion());
      value = value.sub(repulsion(query, input.queue(), input.masked()).mul(weight));
    }
    return LossOutput.of(value);
  }

  /// `2 − 2 q·x`, in the shape of the similarities.
  private static NDArray distance(NDArray similarities) {
    return similarities.mul(Constant.of(similarities, -2)).add(Constant.of(similarities, 2));
  }

  /// The mean of distances under softmax weights, `[n]`.
  private NDArray mean(NDArray distances, NDArray logits) {
    NDArray weights = logits.softmax(1);
    NDArray fixed = options.detachWeights() ? weights.stopGradient() : weights;
    return fixed.mul(distances).sum(new int[] {1});
  }

  private NDArray repulsion(NDArray query, NDArray queue, Optional<NDArray> masked) {
    NDArray negatives = distance(query.matMul(queue.transpose())); // [n, k]
    NDArray logits = negatives.mul(Constant.of(query, -options.negativeSharpness()));
    if (masked.isEmpty()) {
      return mean(negatives, logits);
    }
    NDArray there = masked.get().logicalNot().toType(DataType.FLOAT32, false); // [n, k]
    NDArray any = there.sum(new int[] {1}).minimum(Constant.of(there, 1)); // [n]
    return mean(negatives, logits.add(LogSum.exclude(there))).mul(any);
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return options.attraction() == options.repulsion()
        ? OptionalDouble.of(0)
        : OptionalDouble.empty();
  }
}
