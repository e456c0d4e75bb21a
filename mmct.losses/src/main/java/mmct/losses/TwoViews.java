package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import mmct.api.spi.Constant;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// Two views of the same rows, both with a gradient: one of each of two modalities, or two
/// of one.
///
/// @param first `[p, d]`, the p rows that have both
/// @param second `[p, d]`
/// @param chosen the numbers of these rows among the n of the batch; empty where they are all
/// @param same which others of these rows are of a row's own instance, boolean `[p, p]`; empty
///     where none is
record TwoViews(NDArray first, NDArray second, Optional<long[]> chosen, Optional<NDArray> same) {
  /// What a loss of two views needs.
  ///
  /// @param each 1 where two modalities are compared, 2 where two views of one are
  static Needs needs(int each) {
    int modalities = 3 - each;
    Needs.Side side = new Needs.Side(each, 0, Needs.Queue.NONE, false);
    return Needs.pair().form(new Needs.Joint(modalities, modalities, side));
  }

  /// The two views of an input, of the rows that have both.
  static TwoViews of(LossInput input) {
    List<NDArray> views =
        input.sides().stream().flatMap(side -> side.queries().stream()).limit(2).toList();
    List<NDArray> present = input.sides().getFirst().present();
    if (present.isEmpty()) {
      return new TwoViews(
          views.getFirst(), views.getLast(), Optional.empty(), input.sameInstance());
    }
    boolean[] both = present.getFirst().toBooleanArray();
    long[] rows = IntStream.range(0, both.length).filter(i -> both[i]).mapToLong(i -> i).toArray();
    if (rows.length == both.length || rows.length == 0) {
      return new TwoViews(
          views.getFirst(),
          views.getLast(),
          Optional.of(rows).filter(r -> r.length == 0),
          input.sameInstance());
    }
    NDIndex index = new NDIndex("{}", input.manager().create(rows));
    return new TwoViews(
        views.getFirst().get(index),
        views.getLast().get(index),
        Optional.of(rows),
        SameInstance.among(input.sameInstance(), rows));
  }

  /// The number of rows p.
  int rows() {
    return chosen.map(rows -> rows.length).orElse(Math.toIntExact(first.getShape().get(0)));
  }

  /// A value that the features have no influence on, `[]`: for too few rows to compare.
  NDArray nothing() {
    return first.sum().mul(Constant.of(first, 0));
  }

  /// The output for a value per row: the rows themselves where they are all, else their mean.
  ///
  /// @param values `[p]`
  LossOutput output(NDArray values) {
    return LossOutput.of(chosen.isEmpty() ? values : values.mean());
  }

  /// The width d.
  long width() {
    return first.getShape().get(1);
  }
}
