package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.OptionalDouble;
import mmct.api.config.Settings;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossInput.Features;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// Image-text contrast with momentum distillation, between any two modalities.
///
/// Li et al., "Align before Fuse: Vision and Language Representation Learning with Momentum
/// Distillation", 2021, the image-text contrastive loss with momentum distillation. In each
/// direction, here from a to b, the candidates of a query are the momentum keys of b of the whole
/// batch, its own among them, and then the queue of b. Targets are
/// `y = (1 − α)·own + α·softmax(kᵃ·[kᵇ, Qᵇ]/τ)`, which the momentum encoders give and through which
/// no gradient flows; the value is the mean of both directions' cross-entropies
/// `−Σⱼ yⱼ log softmax(qᵃ·[kᵇ, Qᵇ]/τ)ⱼ`. α grows linearly from 0 over the first epochs.
///
/// Deviations: log τ is learned instead of τ, held within the same bounds as [Temperature] says;
/// queue rows of the query's own instance are masked where the run says so.
///
/// @param options temperature and distillation
public record Albef(AlbefOptions options) implements Loss {
  /// Checks the options.
  public Albef {
    options = Settings.of(options).bind(AlbefOptions.class);
  }

  @Override
  public Needs needs() {
    Needs.Side each = new Needs.Side(1, 1, Needs.Queue.OPTIONAL, false);
    return new Needs(new Needs.Joint(2, 2, each), options.bounds().parameters(), List.of());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    Features a = input.sides().getFirst();
    Features b = input.sides().getLast();
    NDArray scale = options.bounds().inverse(input); // []
    double alpha = alpha(input.epoch());
    NDArray there = direction(a, b, scale, alpha); // [n]
    NDArray back = direction(b, a, scale, alpha); // [n]
    NDArray value = NDArrays.stack(new NDList(there, back)).mean(new int[] {0}); // [n]
    return LossOutput.of(options.bounds().heldWithin(value, input));
  }

  private double alpha(double epoch) {
    double ramp = options.rampEpochs();
    return options.alpha() * (epoch >= ramp ? 1 : epoch / ramp);
  }

  private static NDArray direction(Features from, Features to, NDArray scale, double alpha) {
    NDArray keys = to.keys().getFirst(); // [n, d]
    NDArray queue = to.queue().orElseGet(() -> keys.get("0:0")); // [k, d]
    NDArray candidates = NDArrays.concat(new NDList(keys, queue)); // [n + k, d]
    NDArray targets = own(keys, queue); // [n, n + k]
    if (alpha > 0) {
      NDArray teacher = logits(from.keys().getFirst(), scale.stopGradient(), candidates, to);
      targets = targets.mul(1 - alpha).add(teacher.softmax(1).mul(alpha));
    }
    NDArray student = logits(from.queries().getFirst(), scale, candidates, to); // [n, n + k]
    return CrossEntropy.of(student).towards(targets); // [n]
  }

  /// One for each row's own key, zero for all other candidates: `[n, n + k]`.
  private static NDArray own(NDArray keys, NDArray queue) {
    int n = Math.toIntExact(keys.getShape().get(0));
    NDArray others = keys.getManager().zeros(new Shape(n, queue.getShape().get(0)));
    return NDArrays.concat(new NDList(keys.getManager().eye(n), others), 1);
  }

  /// Scaled similarities of rows with all candidates, `[n, n + k]`.
  private static NDArray logits(NDArray rows, NDArray scale, NDArray candidates, Features to) {
    NDArray logits = rows.mul(scale).matMul(candidates.transpose()); // [n, n + k]
    if (to.masked().isEmpty()) {
      return logits;
    }
    NDArray queued = CrossEntropy.low(to.masked().get()); // [n, k]
    long n = rows.getShape().get(0);
    NDArray low = rows.getManager().zeros(new Shape(n, n)).concat(queued, 1); // [n, n + k]
    return logits.add(low);
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.of(Math.log(candidates + 1.0));
  }
}
