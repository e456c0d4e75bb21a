package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import mmct.api.spi.Constant;
import mmct.api.spi.LossInput;

/// The kernel that the cross-entropies over [positive | queue] share: scaled similarities of each
/// query with its own key (entry 0) and with the queue rows (entries 1 to k), masked rows out of
/// the way.
///
/// @param logProbabilities log softmax over the candidates, `[n, 1 + k]`
record CandidateLogits(NDArray logProbabilities) {
  /// What is added to a masked entry's logit: finite, so that zero times its logarithm is zero, and
  /// so low that its exponential is zero beside any similarity at any temperature above 1e-6.
  private static final float MASKED = -1e7f;

  /// Compares queries with their candidates.
  ///
  /// @param input query `[n, d]`, key `[n, d]`, queue `[k, d]`, masked `[n, k]`
  /// @param temperature τ
  static CandidateLogits of(LossInput input, double temperature) {
    // Scaling the queries costs n·d multiplications, scaling the similarities would cost n·k.
    NDArray query = input.query().div(Constant.of(input.query(), temperature)); // [n, d]
    NDArray positive = query.mul(input.key()).sum(new int[] {1}, true); // [n, 1]
    NDArray others = query.matMul(input.queue().transpose()); // [n, k]
    if (input.masked().isPresent()) {
      others = others.add(input.masked().get().toType(DataType.FLOAT32, false).mul(MASKED));
    }
    NDArray logits = NDArrays.concat(new NDList(positive, others), 1); // [n, 1 + k]
    return new CandidateLogits(logits.logSoftmax(1));
  }

  /// The negative log-probability of the query's own key, `[n]`.
  NDArray ownKey() {
    return logProbabilities.get(":, 0").neg();
  }

  /// The negative mean log-probability of the positives: the own key and the queue rows marked.
  ///
  /// @param positives boolean `[n, k]`; no masked row is marked
  /// @return `[n]`
  NDArray meanOf(NDArray positives) {
    NDArray marked = positives.toType(DataType.FLOAT32, false); // [n, k]
    NDArray own = logProbabilities.get(":, 0"); // [n]
    NDArray others = logProbabilities.get(":, 1:").mul(marked).sum(new int[] {1}); // [n]
    NDArray count = marked.sum(new int[] {1}).add(1); // [n]
    return own.add(others).div(count).neg();
  }
}
