package org.example.signal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import java.util.List;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.Needs;

/// The pairwise sigmoid loss: every pair of a query and a candidate is a question of its own, do
/// these two belong together?
///
/// Zhai et al., "Sigmoid Loss for Language Image Pre-Training", 2023, section 3.2 and Algorithm 1:
/// `−Σⱼ log σ(zⱼ (t sⱼ + b))` per query, where `zⱼ` is 1 for its own key and −1 for the others, and
/// `t = exp(t′)` and `b` are trained. Since `−log σ(x) = softplus(−x)`, that is
/// `softplus(−(t s₀ + b)) + Σⱼ softplus(t sⱼ + b)`.
///
/// Deviation: the others are the rows of the queue, not those of the batch.
///
/// @param scale the scale t at the start
/// @param bias the bias b at the start
public record PairwiseSigmoid(double scale, double bias) implements Loss {
  @Override
  public Needs needs() {
    return new Needs(
        new Needs.Pair(Needs.Side.query(), Needs.Side.key(Needs.Queue.REQUIRED), false),
        List.of(
            LossParameter.scalar("logScale", Math.log(scale)), LossParameter.scalar("bias", bias)),
        List.of());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    NDArray own = input.query().mul(input.key()).sum(new int[] {1}); // [n]
    NDArray others = input.query().matMul(input.queue().transpose()); // [n, k]
    NDArray attraction = Activation.softPlus(logits(own, input).neg()); // [n]
    NDArray repulsion = Activation.softPlus(logits(others, input)); // [n, k]
    if (input.masked().isPresent()) {
      NDArray counted = input.masked().get().logicalNot().toType(DataType.FLOAT32, false);
      repulsion = repulsion.mul(counted);
    }
    return LossOutput.of(attraction.add(repulsion.sum(new int[] {1}))); // [n]
  }

  private static NDArray logits(NDArray similarities, LossInput input) {
    NDArray scale = input.parameter("logScale").exp(); // []
    return similarities.mul(scale).add(input.parameter("bias"));
  }
}
