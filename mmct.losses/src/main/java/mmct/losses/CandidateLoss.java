package mmct.losses;

import ai.djl.ndarray.NDArray;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;

/// A loss that looks at nothing but similarities of queries with their own keys and candidates,
/// so that candidates can be added to those that come from the queue.
interface CandidateLoss extends Loss {
  /// By what similarities are divided before [#value] sees them; 1 leaves them cosines.
  double temperature();

  /// The value per row, `[n]`.
  NDArray value(CandidateLogits logits);

  @Override
  default LossOutput evaluate(LossInput input) {
    return LossOutput.of(value(CandidateLogits.of(input, temperature())));
  }
}
