package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.OptionalDouble;
import mmct.api.spi.Constant;
import mmct.api.spi.Needs;
import mmct.losses.CandidateLogits.Positives;

/// InfoNCE over the query's own key and the queue.
///
/// Paper, Eq. 3 and 8: `−log( exp(s₀/τ) / (exp(s₀/τ) + Σⱼ exp(sⱼ/τ)) )` with `s₀ = q·k⁺` and
/// `sⱼ = q·kⱼ` for the unmasked queue rows. With a positives rule it is Eq. 5, the mean of the
/// same over the own key and the positives, all of which stay in the denominator:
/// `−1/|P| Σ_{p∈P} log( exp(s_p/τ) / (exp(s₀/τ) + Σⱼ exp(sⱼ/τ)) )`.
///
/// With a margin m the cosine of every positive, here and in the denominator, is `s − m` (Xie
/// et al., "Delving into Inter-Image Invariance for Unsupervised Visual Representations", 2022,
/// where a negative margin loosens the pull on positives that may be wrong).
///
/// Deviation: Eq. 4 read literally would leave out the own key of a sample that shares no mark
/// with itself; here the own key always belongs to P, so that P is never empty.
///
/// @param temperature τ
/// @param margin m
public record InfoNce(double temperature, double margin) implements CandidateLoss {
  /// Checks the numbers.
  public InfoNce {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature must be above 0 but was " + temperature);
    }
    if (!(Math.abs(margin) <= 2)) {
      throw new IllegalArgumentException("margin must be from -2 to 2 but was " + margin);
    }
  }

  /// InfoNCE without a margin.
  ///
  /// @param temperature τ
  public InfoNce(double temperature) {
    this(temperature, 0);
  }

  @Override
  public Needs needs() {
    return new Needs(
        new Needs.Pair(Needs.Side.query(), Needs.Side.key(Needs.Queue.REQUIRED), true),
        List.of(),
        List.of());
  }

  @Override
  public NDArray value(CandidateLogits logits) {
    double lower = margin / temperature;
    NDArray own = margin == 0 ? logits.own() : less(logits.own(), lower); // [n, 1]
    NDArray others = logits.logSumExp(lower); // [n, 1]
    NDArray ofOwn = CrossEntropy.of(own.concat(others, 1)).first(); // [n]
    return logits
        .positives()
        .map(positives -> ofOwn.add(nearer(own, positives, lower).squeeze(1)))
        .orElse(ofOwn);
  }

  private static NDArray less(NDArray array, double number) {
    return array.sub(Constant.of(array, number));
  }

  /// By how much the own key is nearer than the mean positive, `[n, 1]`.
  private static NDArray nearer(NDArray own, Positives positives, double lower) {
    NDArray count = positives.count(); // [n, 1]
    NDArray sum = own.mul(count).sub(positives.sum()); // [n, 1]
    NDArray lowered = lower == 0 ? sum : sum.add(count.mul(Constant.of(count, lower)));
    return lowered.div(count.add(Constant.of(count, 1)));
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    // With a margin the own key's logit is lower: −log( e / (e + k) ) with e = exp(−m/τ).
    double lower = margin / temperature;
    return OptionalDouble.of(
        lower > 0 && candidates > 0
            ? lower + Math.log(candidates + Math.exp(-lower))
            : Math.log(candidates * Math.exp(lower) + 1.0));
  }
}
