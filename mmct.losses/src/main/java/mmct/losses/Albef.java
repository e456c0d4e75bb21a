package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
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
import mmct.losses.CandidateStream.Part;

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
/// queue rows and other keys of the batch that are of the query's own instance are masked where the
/// run says so.
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
    Optional<NDArray> same = input.sameInstance();
    NDArray there = direction(a, b, same, scale, alpha); // [n]
    NDArray back = direction(b, a, same, scale, alpha); // [n]
    NDArray value = NDArrays.stack(new NDList(there, back)).mean(new int[] {0}); // [n]
    return LossOutput.of(options.bounds().heldWithin(value, input));
  }

  private double alpha(double epoch) {
    double ramp = options.rampEpochs();
    return options.alpha() * (epoch >= ramp ? 1 : epoch / ramp);
  }

  private static NDArray direction(
      Features from, Features to, Optional<NDArray> same, NDArray scale, double alpha) {
    NDArray keys = to.keys().getFirst(); // [n, d]
    NDArray target = keys; // [n, d], the mean candidate under the targets
    if (alpha > 0) {
      NDArray teacher = from.keys().getFirst().mul(scale.stopGradient()); // [n, d]
      NDArray mean = stream(teacher, to, same).logSumExp().slope(); // [n, d]
      target = keys.mul(Constant.of(keys, 1 - alpha)).add(mean.mul(Constant.of(mean, alpha)));
    }
    NDArray query = from.queries().getFirst().mul(scale); // [n, d]
    // −Σⱼ yⱼ (sⱼ − log Σ exp s) is log Σ exp s less the similarity with the mean, as Σⱼ yⱼ is 1.
    NDArray all = stream(query, to, same).logSumExp().along(query); // [n, 1]
    return all.sub(query.mul(target).sum(new int[] {1}, true)).squeeze(1); // [n]
  }

  /// The keys of the batch and the queue, compared with scaled rows `[n, d]`.
  ///
  /// @param same other rows of a row's own instance, boolean `[n, n]`
  private static CandidateStream stream(NDArray rows, Features to, Optional<NDArray> same) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(to.keys().getFirst(), same, Optional.empty()));
    to.queue().ifPresent(queue -> parts.add(new Part(queue, to.masked(), Optional.empty())));
    return CandidateStream.of(rows, parts);
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.of(Math.log(candidates + 1.0));
  }
}
