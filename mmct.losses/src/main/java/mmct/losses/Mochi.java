package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.OptionalDouble;
import mmct.api.config.Settings;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// Mixing of contrastive hard negatives: a loss of the queue that is given, besides the queue,
/// negatives made of each query's nearest ones.
///
/// Kalantidis et al., "Hard Negative Mixing for Contrastive Learning", 2020 (MoCHi). Of the
/// N queue rows nearest to a query, s pairs are mixed to `(α nₐ + (1 − α) n_b) / ‖·‖` with α
/// from (0, 1), and s' rows are mixed with the query to `(β q + (1 − β) n_c) / ‖·‖` with β from
/// (0, 0.5). No gradient flows through a mixed row, but it flows to the query through its
/// similarity with it. Masked rows and positives are not mixed.
///
/// What is drawn depends on the step's number and the row's instance and on nothing else, so
/// that a resumed run draws the same. With `s = s' = 0`, and in the epochs before mixing
/// starts, it is the loss around which it stands.
///
/// @param options what is mixed, and for which loss
public record Mochi(MochiOptions options) implements Loss {
  /// The loss that the negatives are added to.
  public enum Around {
    /// [InfoNce]
    INFO_NCE,
    /// [Dcl]
    DCL
  }

  /// Checks the options.
  public Mochi {
    options = Settings.of(options).bind(MochiOptions.class);
  }

  private CandidateLoss around() {
    return switch (options.around()) {
      case INFO_NCE -> new InfoNce(options.temperature());
      case DCL -> new Dcl(new DclOptions(options.temperature(), false, 0.5));
    };
  }

  @Override
  public Needs needs() {
    return around().needs();
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    CandidateLoss loss = around();
    if (input.epoch() < options.warmUpEpochs() || input.queue().getShape().get(0) == 0) {
      return loss.evaluate(input);
    }
    SimilarityMatrix logits = SimilarityMatrix.of(input, loss.temperature());
    MixedNegatives mixing = new MixedNegatives(input, logits, options.hardest());
    if (options.mixed() > 0) {
      logits = logits.and(mixing.ofPairs(options.mixed()));
    }
    if (options.mixedWithQuery() > 0) {
      logits = logits.and(mixing.withQuery(options.mixedWithQuery()));
    }
    NDArray value = loss.value(logits); // [n]
    return LossOutput.of(value);
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return around().chanceLevel(candidates + options.mixed() + options.mixedWithQuery());
  }
}
