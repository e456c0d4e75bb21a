package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// InfoNCE between whitened views: each is whitened over the batch in groups of channels
/// that are shuffled anew every step, and every view after the first is a positive of its
/// own.
///
/// Zhuo et al., "WhitenedCSE: Whitening-based Contrastive Learning of Sentence Embeddings",
/// 2023: shuffled group whitening (see [GroupWhitening]) and the sum over the
/// positives p of `CE(cos(z_i⁽⁰⁾, z_j⁽ᵖ⁾)/τ)`.
///
/// Deviations: whitened are the projected features, which arrive with length 1 and are
/// multiplied by √d, where the authors whiten the encoder's output before a last layer; an ε
/// is added to the covariance, without which a batch smaller than a group has no inverse.
///
/// A row that lacks a view has no part in that view's statistics and term. Other rows of a row's
/// own instance are no negatives of it where the run says so; the statistics are those of all rows.
///
/// @param options temperature, groups, views
public record WhitenedCse(WhitenedCseOptions options) implements Loss {
  /// Checks the options.
  public WhitenedCse {
    options = Settings.of(options).bind(WhitenedCseOptions.class);
  }

  @Override
  public Needs needs() {
    return QueryViews.needs(options.views(), Integer.MAX_VALUE);
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    List<NDArray> views = new ArrayList<>();
    List<boolean[]> present = new ArrayList<>();
    for (LossInput.Features side : input.sides()) {
      views.addAll(side.queries());
      boolean[] all = new boolean[Math.toIntExact(input.query().getShape().get(0))];
      Arrays.fill(all, true);
      present.add(all);
      side.present().forEach(rows -> present.add(rows.toBooleanArray()));
    }
    NDArray anchor = whitened(views.getFirst(), 0, input.step());
    NDArray sum = input.query().sum().mul(Constant.of(input.query(), 0));
    for (int view = 1; view < views.size(); view++) {
      boolean[] has = present.get(view);
      int[] rows = IntStream.range(0, has.length).filter(row -> has[row]).toArray();
      if (rows.length > 0) {
        NDArray positive = whitened(rows(views.get(view), rows), view, input.step());
        sum = sum.add(crossEntropy(rows(anchor, rows), positive, same(input, rows)));
      }
    }
    return LossOutput.of(sum);
  }

  private static Optional<NDArray> same(LossInput input, int[] chosen) {
    Optional<NDArray> all = input.sameInstance();
    return chosen.length == input.query().getShape().get(0)
        ? all
        : SameInstance.among(all, Arrays.stream(chosen).asLongStream().toArray());
  }

  private static NDArray rows(NDArray features, int[] chosen) {
    return chosen.length == features.getShape().get(0)
        ? features
        : features.get(new NDIndex("{}", features.getManager().create(chosen)));
  }

  /// A view's features, whitened and of length 1: `[n, d]`.
  private NDArray whitened(NDArray rows, int view, long step) {
    int width = Math.toIntExact(rows.getShape().get(1));
    NDArray scaled = rows.mul(Constant.of(rows, Math.sqrt(width)));
    long[] order = RowOrder.channels(width, step, view);
    NDArray white = GroupWhitening.of(scaled, order, options.groupSize(), options.epsilon());
    return white.div(Lengths.of(white, 1e-12));
  }

  /// The mean cross-entropy of each row with its own positive, `[]`.
  ///
  /// @param same which other rows are of a row's own instance, boolean `[p, p]`
  private NDArray crossEntropy(NDArray anchors, NDArray positives, Optional<NDArray> same) {
    NDArray scaled = anchors.div(Constant.of(anchors, options.temperature()));
    NDArray logits = CrossEntropy.mask(scaled.matMul(positives.transpose()), same); // [p, p]
    NDArray own = scaled.mul(positives).sum(new int[] {1}); // [p]
    return LogSum.along(1, logits).sub(own).mean();
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return chanceLevel(candidates, 1);
  }

  @Override
  public OptionalDouble chanceLevel(long candidates, int participants) {
    // One term per positive.
    int terms = options.views() * participants - 1;
    return terms < 1
        ? OptionalDouble.empty()
        : OptionalDouble.of(terms * Math.log(candidates + 1.0));
  }
}
