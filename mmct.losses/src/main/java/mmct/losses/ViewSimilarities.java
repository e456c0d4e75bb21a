package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.Optional;
import mmct.api.spi.Constant;

/// Similarities between the views of rows, divided by a temperature. Where a row lacks a
/// view, the logit is so low that it counts for nothing.
final class ViewSimilarities {
  private final QueryViews views;
  private final Optional<NDArray> same;
  private final NDList scaled = new NDList();

  /// Scales the views.
  ///
  /// @param same which other rows are of a row's own instance, boolean `[n, n]`
  /// @param temperature τ
  ViewSimilarities(QueryViews views, Optional<NDArray> same, double temperature) {
    this.views = views;
    this.same = same;
    for (NDArray view : views.features()) {
      scaled.add(view.div(Constant.of(view, temperature))); // [n, d]
    }
  }

  /// The number of views l.
  int count() {
    return views.count();
  }

  private NDArray present(int view) {
    return views.present().get(view);
  }

  /// `log Σ_{l<l'} exp(u_il·u_il'/τ)`, the attraction among a row's own views: `[n]`.
  NDArray ownPairs() {
    NDList pairs = new NDList();
    for (int one = 0; one < count(); one++) {
      for (int other = one + 1; other < count(); other++) {
        NDArray similar = scaled.get(one).mul(views.features().get(other)).sum(new int[] {1});
        NDArray both = present(one).mul(present(other));
        pairs.add(similar.add(LogSum.exclude(both)));
      }
    }
    return LogSum.along(1, NDArrays.stack(pairs, 1));
  }

  /// Which rows have at least two views, ones and zeros `[n]`.
  NDArray havePairs() {
    NDArray count = views.present().stream().reduce(NDArray::add).orElseThrow();
    return severalOf(count);
  }

  /// A view's rows among themselves, none with itself or its instance: `[n, n]`.
  NDArray within(int view) {
    NDArray logits = scaled.get(view).matMul(views.features().get(view).transpose());
    return logits
        .add(SameInstance.exclude(views.rows(), same, logits.getManager()))
        .add(LogSum.exclude(present(view)))
        .add(LogSum.exclude(present(view).reshape(-1, 1)));
  }

  /// For which rows [#within] has anything to compare, ones and zeros `[n]`.
  NDArray haveOthers(int view) {
    NDArray mine = present(view);
    if (same.isEmpty()) {
      return mine.mul(severalOf(mine.sum()));
    }
    // A row itself is counted, as above.
    NDArray there = SameInstance.there(same.get()).mul(mine.reshape(1, -1)); // [n, n]
    return mine.mul(severalOf(there.sum(new int[] {1})));
  }

  /// One where a count is at least two, else zero.
  private static NDArray severalOf(NDArray count) {
    return count.gt(Constant.of(count, 1)).toType(DataType.FLOAT32, false);
  }

  /// All views of a row with all views of all rows, none with itself: `[n, l·l·n]`.
  NDArray withAllViews() {
    NDList blocks = new NDList();
    for (int one = 0; one < count(); one++) {
      for (int other = 0; other < count(); other++) {
        blocks.add(one == other ? within(one) : between(one, other));
      }
    }
    return NDArrays.concat(blocks, 1);
  }

  private NDArray between(int one, int other) {
    NDArray logits = scaled.get(one).matMul(views.features().get(other).transpose());
    return CrossEntropy.mask(logits, same)
        .add(LogSum.exclude(present(other)))
        .add(LogSum.exclude(present(one).reshape(-1, 1)));
  }
}
