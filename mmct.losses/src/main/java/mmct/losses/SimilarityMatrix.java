package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import mmct.api.spi.Constant;
import mmct.api.spi.LossInput;

/// Similarities one by one, for losses that choose among them; those of masked candidates are
/// lower than any other.
///
/// @param query the queries divided by the temperature, `[n, d]`
/// @param own with the own key, `[n, 1]`
/// @param others with the candidates, `[n, k]`: queue rows first
/// @param masked which queue rows take no part, boolean `[n, j]` with `j ≤ k`
/// @param marked which queue rows are positives too, boolean `[n, j]` with `j ≤ k`
record SimilarityMatrix(
    NDArray query, NDArray own, NDArray others, Optional<NDArray> masked, Optional<NDArray> marked)
    implements CandidateLogits {
  private static final int[] CANDIDATES = {1};

  /// Compares queries with their candidates.
  ///
  /// @param input query `[n, d]`, key `[n, d]`, queue `[k, d]`, masked and positives `[n, k]`
  /// @param temperature τ
  static SimilarityMatrix of(LossInput input, double temperature) {
    NDArray query = CandidateLogits.scaled(input, temperature); // [n, d]
    NDArray others = query.matMul(input.queue().transpose()); // [n, k]
    return new SimilarityMatrix(
        query,
        CandidateLogits.own(query, input),
        CrossEntropy.mask(others, input.masked()),
        input.masked(),
        input.positives());
  }

  @Override
  public long count() {
    return others.getShape().get(1);
  }

  /// The same with candidates `[n, c]` after the others.
  SimilarityMatrix and(NDArray more) {
    return with(NDArrays.concat(new NDList(others, more), 1));
  }

  /// The same with other similarities, `[n, k]`.
  SimilarityMatrix with(NDArray otherOthers) {
    return new SimilarityMatrix(query, own, otherOthers, masked, marked);
  }

  @Override
  public NDArray logSumExp(double lower) {
    if (count() == 0) {
      return none();
    }
    NDArray logits =
        lower == 0 || marked.isEmpty()
            ? others
            : others.sub(ones(marked.get()).mul(Constant.of(others, lower)));
    return LogSum.along(1, logits).expandDims(1);
  }

  @Override
  public NDArray hinges(double margin) {
    return MarginRanking.hinges(own, others, margin).sum(CANDIDATES, true);
  }

  @Override
  public NDArray largest() {
    return count() == 0 ? none() : others.max(CANDIDATES, true);
  }

  /// What stands for no candidate, `[n, 1]`.
  private NDArray none() {
    Shape shape = new Shape(own.getShape().get(0), 1);
    return own.getManager().full(shape, CrossEntropy.MASKED, own.getDataType());
  }

  @Override
  public Optional<Positives> positives() {
    return marked.map(
        which -> {
          NDArray ones = ones(which); // [n, k]
          return new Positives(others.mul(ones).sum(CANDIDATES, true), ones.sum(CANDIDATES, true));
        });
  }

  /// One where a candidate is marked, zero elsewhere, also for those after the marks' end: `[n,
  // k]`.
  private NDArray ones(NDArray marks) {
    NDArray ones = marks.toType(own.getDataType(), false); // [n, j]
    long rest = count() - marks.getShape().get(1);
    if (rest == 0) {
      return ones;
    }
    Shape shape = new Shape(own.getShape().get(0), rest);
    return ones.concat(own.getManager().zeros(shape, own.getDataType()), 1);
  }
}
