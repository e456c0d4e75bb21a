package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossInput.Features;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// One row of the query's modality against several views of the key's at once, such as a picture
/// and all its captions.
///
/// Nie et al., "Improving the Consistency in Cross-Lingual Cross-Modal Retrieval with 1-to-K
/// Contrastive Learning", 2024, the 1-to-K contrastive loss: half of
/// `−1/K Σₖ log p(cᵢₖ|xᵢ)`, where the K views of a row are all positives among the views of all
/// rows, and half of `−1/K Σₖ log p(xᵢ|cᵢₖ)` among the rows.
///
/// Deviations: both halves are normalised, while the authors' code divides the second by K once
/// more; a row with fewer views than K has as many positives as it has, and views that are not
/// there are no candidates. A learned temperature is held within bounds as [Temperature] says.
/// Views of other rows of a row's own instance are left out where the run says so.
///
/// @param options how many views, and the temperature
public record OneToK(OneToKOptions options) implements Loss {
  private static final int[] VIEWS = {0};

  /// Checks the options.
  public OneToK {
    options = Settings.of(options).bind(OneToKOptions.class);
  }

  @Override
  public Needs needs() {
    Needs.Side several = new Needs.Side(options.views(), 0, Needs.Queue.NONE, false);
    return new Needs(
        new Needs.Pair(Needs.Side.query(), several, false),
        options.bounds().parameters(),
        List.of());
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    Features many = input.sides().getLast();
    NDArray one = input.query().mul(options.bounds().inverse(input)); // [n, d]
    NDArray present = present(many); // [K, n]
    NDArray share = present.div(present.sum(VIEWS, true)); // [K, n]
    NDArray views = views(many); // [K·n, d]
    NDArray logits = one.matMul(views.transpose()); // [n, K·n]

    NDArray absent = present.reshape(1, -1).lt(Constant.of(present, 0.5)); // [1, K·n]
    NDArray candidates = masked(logits.add(CrossEntropy.low(absent)), input); // [n, K·n]
    NDArray there = CrossEntropy.of(candidates).towards(ofRows(share)); // [n]

    NDArray each = CrossEntropy.of(masked(logits, input).transpose()).towards(ofViews(share));
    NDArray back = each.reshape(share.getShape()).mul(share).sum(VIEWS); // [n]
    NDArray value = NDArrays.stack(new NDList(there, back)).mean(VIEWS); // [n]
    return LossOutput.of(options.bounds().heldWithin(value, input));
  }

  /// Logits without the views of other rows of a row's own instance, `[n, K·n]`.
  private NDArray masked(NDArray logits, LossInput input) {
    return input
        .sameInstance()
        .map(same -> logits.add(CrossEntropy.low(same).tile(new long[] {1, options.views()})))
        .orElse(logits);
  }

  /// The views of all rows, view by view: `[K·n, d]`.
  private static NDArray views(Features many) {
    // A lone array would be copied by `concat`, and without its gradient.
    return many.queries().size() == 1
        ? many.queries().getFirst()
        : NDArrays.concat(new NDList(many.queries()));
  }

  /// One where a row has a view, zero where it has not: `[K, n]`.
  private static NDArray present(Features many) {
    NDManager manager = many.queries().getFirst().getManager();
    NDList rows = new NDList(manager.ones(new Shape(many.queries().getFirst().getShape().get(0))));
    many.present().forEach(view -> rows.add(view.toType(DataType.FLOAT32, false)));
    return NDArrays.stack(rows);
  }

  /// The targets of the rows: their own views alike, `[n, K·n]`.
  private static NDArray ofRows(NDArray share) {
    int n = Math.toIntExact(share.getShape().get(1));
    NDArray own = share.getManager().eye(n); // [n, n]
    List<NDArray> views = new ArrayList<>();
    for (int v = 0; v < share.getShape().get(0); v++) {
      views.add(own.mul(share.get(v))); // [n, n]
    }
    return NDArrays.concat(new NDList(views), 1);
  }

  /// The targets of the views: their own row, `[K·n, n]`.
  private static NDArray ofViews(NDArray share) {
    int n = Math.toIntExact(share.getShape().get(1));
    return share.getManager().eye(n).tile(new long[] {share.getShape().get(0), 1});
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    double rows = candidates + 1.0;
    return OptionalDouble.of((Math.log(rows * options.views()) + Math.log(rows)) / 2);
  }
}
