package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.Optional;
import mmct.api.spi.Constant;
import mmct.api.spi.LossInput;

/// Similarities of each query with its own key and with its candidates, divided by a temperature;
/// those of masked candidates are lower than any other.
///
/// @param query the queries divided by the temperature, `[n, d]`
/// @param own with the own key, `[n, 1]`
/// @param others with the candidates, `[n, k]`: queue rows first
/// @param masked which queue rows take no part, boolean `[n, j]` with `j ≤ k`
/// @param positives which queue rows are positives too, boolean `[n, j]` with `j ≤ k`
record CandidateLogits(
    NDArray query,
    NDArray own,
    NDArray others,
    Optional<NDArray> masked,
    Optional<NDArray> positives) {

  /// Compares queries with their candidates.
  ///
  /// @param input query `[n, d]`, key `[n, d]`, queue `[k, d]`, masked `[n, k]`
  /// @param temperature τ
  static CandidateLogits of(LossInput input, double temperature) {
    // Scaling the queries costs n·d multiplications, scaling the similarities would cost n·k.
    NDArray query =
        temperature == 1
            ? input.query()
            : input.query().div(Constant.of(input.query(), temperature)); // [n, d]
    NDArray own = query.mul(input.key()).sum(new int[] {1}, true); // [n, 1]
    NDArray others = query.matMul(input.queue().transpose()); // [n, k]
    return new CandidateLogits(
        query, own, CrossEntropy.mask(others, input.masked()), input.masked(), input.positives());
  }

  /// The number of candidates k, masked ones included.
  long count() {
    return others.getShape().get(1);
  }

  /// The same with candidates `[n, c]` after the others.
  CandidateLogits and(NDArray more) {
    return new CandidateLogits(
        query, own, NDArrays.concat(new NDList(others, more), 1), masked, positives);
  }

  /// The same with other similarities.
  CandidateLogits with(NDArray otherOwn, NDArray otherOthers) {
    return new CandidateLogits(query, otherOwn, otherOthers, masked, positives);
  }

  /// The softmax over the own key, which is first, and the candidates.
  CrossEntropy crossEntropy() {
    return CrossEntropy.of(NDArrays.concat(new NDList(own, others), 1)); // [n, 1 + k]
  }
}
