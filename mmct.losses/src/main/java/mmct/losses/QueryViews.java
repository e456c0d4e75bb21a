package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import mmct.api.spi.Constant;
import mmct.api.spi.LossInput;
import mmct.api.spi.Needs;

/// The query views of all participants in one list: the first modality's views, then the next
/// modality's. A loss that compares them does not care which are of one modality.
///
/// @param features per view `[n, d]`; a row that lacks the view is not to be looked at
/// @param present per view, ones and zeros `[n]`, which rows have it
record QueryViews(List<NDArray> features, List<NDArray> present) {
  /// What a loss needs that compares at least two views: several views of one modality, or
  /// several modalities.
  ///
  /// @param each views of each modality
  /// @param most modalities
  static Needs needs(int each, int most) {
    Needs.Side side = new Needs.Side(each, 0, Needs.Queue.NONE, false);
    return Needs.pair().form(new Needs.Joint(each > 1 ? 1 : 2, most, side));
  }

  /// The query views of an input.
  static QueryViews of(LossInput input) {
    List<NDArray> features = new ArrayList<>();
    List<NDArray> present = new ArrayList<>();
    for (LossInput.Features side : input.sides()) {
      NDArray first = side.queries().getFirst();
      features.addAll(side.queries());
      present.add(first.getManager().ones(new Shape(first.getShape().get(0))));
      side.present().forEach(rows -> present.add(rows.toType(DataType.FLOAT32, false)));
    }
    return new QueryViews(features, present);
  }

  /// The number of views l.
  int count() {
    return features.size();
  }

  /// The number of rows n.
  int rows() {
    return Math.toIntExact(features.getFirst().getShape().get(0));
  }

  /// Values of the rows of which only some take part. The others become zero, and these are
  /// weighted up, so that the graph's mean over all rows is the mean over those that take
  /// part.
  ///
  /// @param values `[n]`, finite everywhere
  /// @param part ones and zeros `[n]`
  static NDArray amongThose(NDArray part, NDArray values) {
    double rows = values.getShape().get(0);
    return values.mul(
        part.div(part.sum().maximum(Constant.of(part, 1))).mul(Constant.of(part, rows)));
  }
}
