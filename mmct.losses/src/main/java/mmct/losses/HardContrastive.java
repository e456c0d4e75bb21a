package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.OptionalDouble;
import mmct.api.config.Settings;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// The hard contrastive loss: InfoNCE over the nearest negatives alone.
///
/// Wang and Liu, "Understanding the Behaviour of Contrastive Loss", 2021, the hard contrastive
/// loss: InfoNCE whose denominator has, besides the own key, the negatives whose similarity is at
/// least the query's α-quantile of them. Of k unmasked queue rows in ascending order those from
/// number `⌈α(k − 1)⌉` (counted from 0) on are kept, and those that equal it: as with a quantile
/// that interpolates. With α = 0 it is InfoNCE, with α = 1 only the nearest counts.
///
/// The defaults α = 0.8 and τ = 0.2 are those of another's code; the authors' own was not found,
/// and the paper's numbers were not looked up.
///
/// @param options temperature and quantile
public record HardContrastive(HardContrastiveOptions options) implements Loss {
  private static final int[] CANDIDATES = {1};

  /// Checks the options.
  public HardContrastive {
    options = Settings.of(options).bind(HardContrastiveOptions.class);
  }

  @Override
  public Needs needs() {
    return new Needs(
        new Needs.Pair(Needs.Side.query(), Needs.Side.key(Needs.Queue.REQUIRED), false),
        List.of(),
        List.of());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    return options.quantile() == 0
        ? new InfoNce(options.temperature()).evaluate(input)
        : LossOutput.of(value(SimilarityMatrix.of(input, options.temperature())));
  }

  private NDArray value(SimilarityMatrix logits) {
    InfoNce loss = new InfoNce(options.temperature());
    if (logits.count() == 0) {
      return loss.value(logits);
    }
    NDArray fixed = logits.others().stopGradient(); // [n, k]
    NDArray easy = fixed.lt(threshold(fixed, kept(logits))); // [n, k]
    NDArray hard = logits.others().add(CrossEntropy.low(easy)); // [n, k]
    return loss.value(logits.with(hard)); // [n]
  }

  /// How many negatives of each row are kept, at least 1.
  private long[] kept(SimilarityMatrix logits) {
    int n = Math.toIntExact(logits.own().getShape().get(0));
    long[] kept = new long[n];
    java.util.Arrays.fill(kept, kept(logits.count()));
    if (logits.masked().isPresent()) {
      NDArray masked = logits.masked().get().toType(DataType.INT64, false).sum(CANDIDATES);
      long[] out = masked.toLongArray();
      for (int i = 0; i < n; i++) {
        kept[i] = kept(logits.count() - out[i]);
      }
    }
    return kept;
  }

  private long kept(long candidates) {
    return Math.max(1, candidates - (long) Math.ceil(options.quantile() * (candidates - 1)));
  }

  /// The lowest similarity that is kept of each row, `[n, 1]`.
  private static NDArray threshold(NDArray others, long[] kept) {
    NDManager manager = others.getManager();
    int most = Math.toIntExact(java.util.Arrays.stream(kept).max().orElse(1));
    NDArray nearest = others.topK(most, 1, true, true).getFirst(); // [n, most]
    long[] last = java.util.Arrays.stream(kept).map(count -> count - 1).toArray();
    return nearest.gather(manager.create(last).reshape(-1, 1), 1);
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    // All alike means that all equal the quantile, so that none is left out.
    return OptionalDouble.of(Math.log(candidates + 1.0));
  }
}
