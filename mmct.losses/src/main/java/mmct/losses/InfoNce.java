package mmct.losses;

import java.util.List;
import java.util.OptionalDouble;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// InfoNCE over the query's own key and the queue.
///
/// Paper, Eq. 3 and 8: `−log( exp(s₀/τ) / (exp(s₀/τ) + Σⱼ exp(sⱼ/τ)) )` with `s₀ = q·k⁺` and
/// `sⱼ = q·kⱼ` for the unmasked queue rows. With a positives rule it is Eq. 5, the mean of the same
/// over the own key and the positives, all of which stay in the denominator:
/// `−1/|P| Σ_{p∈P} log( exp(s_p/τ) / (exp(s₀/τ) + Σⱼ exp(sⱼ/τ)) )`.
///
/// Deviation: Eq. 4 read literally would leave out the own key of a sample that shares no mark
/// with itself; here the own key always belongs to P, so that P is never empty.
///
/// @param temperature τ
public record InfoNce(double temperature) implements Loss {
  /// Checks the temperature.
  public InfoNce {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException("temperature must be above 0 but was " + temperature);
    }
  }

  @Override
  public Needs needs() {
    return new Needs(
        new Needs.Pair(Needs.Side.query(), Needs.Side.key(Needs.Queue.REQUIRED), true),
        List.of(),
        List.of());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    CandidateLogits logits = CandidateLogits.of(input, temperature);
    return LossOutput.of(input.positives().map(logits::meanOf).orElseGet(logits::ownKey)); // [n]
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.of(Math.log(candidates + 1.0));
  }
}
