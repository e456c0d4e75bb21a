package mmct.losses;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;
import mmct.api.spi.Constant;
import mmct.losses.CandidateStream.Lowered;
import mmct.losses.CandidateStream.Part;

/// Similarities that never stand in memory together.
///
/// @param query the queries divided by the temperature, `[n, d]`
/// @param own with the own key, `[n, 1]`
/// @param stream the candidates, in one part
/// @param marked which candidates are positives, boolean `[n, k]`
record StreamedLogits(NDArray query, NDArray own, CandidateStream stream, Optional<NDArray> marked)
    implements CandidateLogits {
  private static final int[] CANDIDATES = {1};

  private Part candidates() {
    return stream.parts().getFirst();
  }

  @Override
  public long count() {
    return candidates().rows().getShape().get(0);
  }

  @Override
  public Optional<NDArray> masked() {
    return candidates().masked();
  }

  @Override
  public NDArray logSumExp(double lower) {
    return lowered(lower).logSumExp().along(query);
  }

  /// The same candidates with positives whose similarity is lower.
  private CandidateStream lowered(double by) {
    if (by == 0 || marked.isEmpty()) {
      return stream;
    }
    Part part = candidates();
    Optional<Lowered> lowered = Optional.of(new Lowered(marked.get(), by));
    return new CandidateStream(
        query, List.of(new Part(part.rows(), part.masked(), lowered)), stream.block());
  }

  @Override
  public NDArray hinges(double margin) {
    return stream.excess(own.sub(Constant.of(own, margin)));
  }

  @Override
  public NDArray largest() {
    return stream.largest().along(query);
  }

  @Override
  public Optional<Positives> positives() {
    return marked.map(
        which -> {
          // The sum of similarities is the similarity with the sum.
          NDArray sum = query.mul(stream.sum(which)).sum(CANDIDATES, true); // [n, 1]
          NDArray count = which.sum(CANDIDATES, true).toType(query.getDataType(), false);
          return new Positives(sum, count);
        });
  }
}
