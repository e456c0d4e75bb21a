package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import mmct.api.engine.Torch;
import mmct.api.spi.Constant;

/// Goes over candidates in blocks, so that the similarities of all queries with all of them,
/// `[n, k]`, never stand in memory.
///
/// Candidates carry no gradient; only queries do. So what a block adds to a value, and to the
/// value's slope along the query, is known as soon as the block is seen, and nothing is kept for
/// the backward pass.
///
/// @param query the queries divided by the temperature, `[n, d]`
/// @param parts the candidates
/// @param block how many candidates are looked at together
record CandidateStream(NDArray query, List<Part> parts, long block) {
  /// How many similarities are looked at together: two megabytes of float32, which stay in the
  /// caches of the cores. Half and twice as many were no faster.
  private static final long CPU_BLOCK = 1 << 19;

  /// A GPU wants much to do in each call: 64 MiB of float32, chosen without measuring.
  private static final long GPU_BLOCK = 1 << 24;

  /// However many queries there are, a product with fewer rows than this is slow.
  private static final long FEWEST_ROWS = 256;

  /// Candidates that lie side by side.
  ///
  /// @param rows `[c, d]`, without gradient
  /// @param masked which take no part, boolean `[n, c]`
  /// @param lowered whose similarity is lowered
  record Part(NDArray rows, Optional<NDArray> masked, Optional<Lowered> lowered) {}

  /// Similarities that are lowered.
  ///
  /// @param which boolean `[n, c]`
  /// @param by how much
  record Lowered(NDArray which, double by) {}

  /// A stream in blocks of the size that suits the device.
  static CandidateStream of(NDArray query, List<Part> parts) {
    long block = query.getDevice().isGpu() ? GPU_BLOCK : CPU_BLOCK;
    long n = Math.max(1, query.getShape().get(0));
    return new CandidateStream(query, parts, Math.max(FEWEST_ROWS, block / n));
  }

  /// The logarithm of the sum of exponentials; very low where no candidate takes part.
  Sloped logSumExp() {
    return over(scope -> new StreamReduction.Exponentials(query, scope));
  }

  /// The largest similarity; very low where no candidate takes part.
  Sloped largest() {
    return over(scope -> new StreamReduction.Largest(query, scope));
  }

  /// The sum of what similarities exceed a threshold by.
  ///
  /// @param threshold `[n, 1]`
  /// @return `[n, 1]`, whose gradient flows to the query and to the threshold
  NDArray excess(NDArray threshold) {
    NDManager manager = query.getManager();
    try (NDManager scope = manager.newSubManager()) {
      var excess = new StreamReduction.Excess(query, Torch.alias(threshold, scope), scope);
      forEachBlock(excess);
      NDArray count = excess.count();
      count.attach(manager);
      // How many exceed it is the threshold's slope, downwards.
      NDArray moved = threshold.sub(threshold.stopGradient()).mul(count); // [n, 1], zero
      return excess.result().along(query).sub(moved);
    }
  }

  /// For each query the sum of the candidates that are marked, which lie in one part.
  ///
  /// @param which boolean `[n, c]`
  /// @return `[n, d]`, without gradient
  NDArray sum(NDArray which) {
    NDArray sum = query.getManager().zeros(query.getShape(), query.getDataType()); // [n, d]
    forEachBlock(
        (part, from, to, scope) -> {
          NDArray ones =
              Torch.columns(which, from, to, scope).toType(query.getDataType(), false); // [n, b]
          sum.addi(ones.matMul(Torch.rows(part.rows(), from, to, scope)));
        });
    return sum;
  }

  private Sloped over(Function<NDManager, StreamReduction> reduction) {
    try (NDManager scope = query.getManager().newSubManager()) {
      StreamReduction values = reduction.apply(scope);
      forEachBlock(values);
      return values.result();
    }
  }

  /// What happens to the rows `from` to `to` of a part.
  private interface Visitor {
    void visit(Part part, long from, long to, NDManager scope);
  }

  private void forEachBlock(StreamReduction reduction) {
    forEachBlock((part, from, to, scope) -> take(part, from, to, reduction, scope));
  }

  private void forEachBlock(Visitor visitor) {
    try (var _ = Torch.withoutGradient()) {
      for (Part part : parts) {
        long end = part.rows().getShape().get(0);
        for (long from = 0; from < end; from += block) {
          try (NDManager scope = query.getManager().newSubManager()) {
            visitor.visit(part, from, Math.min(end, from + block), scope);
          }
        }
      }
    }
  }

  private void take(Part part, long from, long to, StreamReduction reduction, NDManager scope) {
    NDArray rows = Torch.rows(part.rows(), from, to, scope); // [b, d]
    NDArray similarities = Torch.alias(query, scope).matMul(rows.transpose()); // [n, b]
    if (part.lowered().isPresent()) {
      Lowered lowered = part.lowered().get();
      NDArray which = Torch.columns(lowered.which(), from, to, scope); // [n, b]
      similarities.subi(
          which
              .toType(similarities.getDataType(), false)
              .muli(Constant.of(similarities, lowered.by())));
    }
    if (part.masked().isPresent()) {
      NDArray there = Torch.columns(part.masked().get(), from, to, scope).logicalNot(); // [n, b]
      similarities =
          NDArrays.where(there, similarities, Constant.of(similarities, CrossEntropy.MASKED));
    }
    reduction.take(similarities, rows);
  }
}
