package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import mmct.api.spi.Constant;
import mmct.api.spi.LossInput;

/// Similarities of each query with its own key and with its candidates, divided by a temperature,
/// seen through what losses make of them.
///
/// Where nothing but that is wanted they are streamed, and never stand in memory together; where
/// a loss needs them one by one it makes a [SimilarityMatrix].
sealed interface CandidateLogits permits StreamedLogits, SimilarityMatrix {
  /// Compares queries with their candidates.
  ///
  /// @param input query `[n, d]`, key `[n, d]`, queue `[k, d]`, masked and positives `[n, k]`
  /// @param temperature τ
  static CandidateLogits of(LossInput input, double temperature) {
    NDArray query = scaled(input, temperature); // [n, d]
    return new StreamedLogits(
        query,
        own(query, input),
        CandidateStream.of(
            query,
            List.of(new CandidateStream.Part(input.queue(), input.masked(), Optional.empty()))),
        input.positives());
  }

  /// The queries divided by the temperature, `[n, d]`: scaling them costs n·d multiplications,
  /// scaling the similarities would cost n·k.
  static NDArray scaled(LossInput input, double temperature) {
    return temperature == 1
        ? input.query()
        : input.query().div(Constant.of(input.query(), temperature));
  }

  /// Similarities of scaled queries with their own keys, `[n, 1]`.
  static NDArray own(NDArray query, LossInput input) {
    return query.mul(input.key()).sum(new int[] {1}, true);
  }

  /// Those with the own key, `[n, 1]`.
  NDArray own();

  /// The number of candidates k, masked ones included.
  long count();

  /// Which candidates take no part, boolean `[n, j]`; those after the j-th all do.
  Optional<NDArray> masked();

  /// The positives among the candidates; empty where there are none.
  Optional<Positives> positives();

  /// The logarithm of the sum of exponentials over the candidates, `[n, 1]`; for rows in which no
  /// candidate takes part see [#some].
  ///
  /// @param lower what is taken off positives
  NDArray logSumExp(double lower);

  /// The sum of the hinges `max(0, margin − own + other)` over the candidates, `[n, 1]`.
  NDArray hinges(double margin);

  /// The similarity with the nearest candidate, `[n, 1]`, very low where none takes part.
  NDArray largest();

  /// Similarities with positives.
  ///
  /// @param sum `[n, 1]`
  /// @param count how many they are, `[n, 1]`
  record Positives(NDArray sum, NDArray count) {}

  /// One for rows in which a candidate takes part, zero for the others.
  ///
  /// @param logSumExp `[n, 1]`
  static NDArray some(NDArray logSumExp) {
    return logSumExp
        .stopGradient()
        .gt(Constant.of(logSumExp, CrossEntropy.MASKED / 2))
        .toType(logSumExp.getDataType(), false);
  }
}
